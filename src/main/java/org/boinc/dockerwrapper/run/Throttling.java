package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.ResourceLimits;
import org.boinc.dockerwrapper.plan.Throttle;

/**
 * Keeps the volunteer's limit of CPU time by the container's quota where the job asks for that:
 * {@code resources.throttle = "smooth"}.
 */
final class Throttling {
  private final ClientPoller poller;
  private final ActionRunner runner;

  Throttling(ClientPoller poller, ActionRunner runner) {
    this.poller = poller;
    this.runner = runner;
  }

  /** A container of an earlier episode has the quota of that time. */
  void containerStarted() {
    limits().flatMap(ResourceLimits::throttle).ifPresent(this::apply);
  }

  /** The volunteer changed the preferences. */
  void preferencesChanged(double usage) {
    limits().flatMap(ResourceLimits::throttle).ifPresent(_ -> apply(new Throttle(usage)));
  }

  private Optional<ResourceLimits> limits() {
    return runner.steps().plan().map(JobPlan::container).map(container -> container.limits());
  }

  /** The pulses are ignored only once the quota is in force. */
  private void apply(Throttle throttle) {
    double quota = throttle.quota(limits().orElseThrow().cpus());
    runner.aside(
        "throttle",
        "the CPU limit stays as it is, in the client's pulses",
        (containers, id) -> {
          try {
            containers.limitCpus(id, quota);
            for (String worker : runner.steps().workers().map(Workers::names).orElse(List.of())) {
              containers.limitCpus(worker, quota);
            }
            poller.throttlePulse(throttle.pulse());
          } catch (EngineException e) {
            poller.throttlePulse(Duration.ZERO);
            throw e;
          }
        });
  }
}
