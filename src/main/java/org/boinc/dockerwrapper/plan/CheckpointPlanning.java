package org.boinc.dockerwrapper.plan;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.job.CheckpointSpec;
import org.boinc.dockerwrapper.job.Origin;

/**
 * Checkpoints that the job makes itself, never more often than the volunteer's disk may be used.
 */
final class CheckpointPlanning {
  private final CheckpointSpec asked;
  private final PlanRequest request;
  private final Map<String, Origin> origins;

  CheckpointPlanning(PlanRequest request, Map<String, Origin> origins) {
    this.asked = request.spec().checkpoint();
    this.request = request;
    this.origins = origins;
  }

  /** Empty: the job makes none. */
  Optional<CheckpointPlan> plan() {
    return asked.byTheJob() ? Optional.of(byTheJob()) : Optional.empty();
  }

  private CheckpointPlan byTheJob() {
    SlotOrContainerFile file = SlotOrContainerFile.of(asked.file(), request);
    return new CheckpointPlan(
        file.onHost(),
        file.inContainer(),
        asked.command(),
        asked.signal(),
        period(),
        switch (asked.onQuit()) {
          case AUTO -> CheckpointPlan.OnQuit.AS_PREFERRED;
          case PAUSE -> CheckpointPlan.OnQuit.PAUSE;
          case STOP -> CheckpointPlan.OnQuit.STOP;
        });
  }

  /** What the volunteer allows, or a longer one that the job asks for. */
  private Duration period() {
    Duration allowed = request.job().checkpointPeriod();
    if (asked.period().compareTo(allowed) > 0) {
      return asked.period();
    }
    origins.put("checkpoint.period", new Origin(Origin.Source.CLIENT, "checkpoint_period"));
    return allowed;
  }
}
