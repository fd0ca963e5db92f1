package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.plan.JobPlan;

/**
 * Ends the container of a job that makes checkpoints, for a client that wants its memory back. By
 * KILL, as the client itself ends what does not quit: no job that came to its end by itself has
 * that status, so the next episode can't take the one for the other.
 */
final class Parking {
  /** Well within the 60 s after which the client kills us. */
  private static final Duration CHECKPOINT_LIMIT = Duration.ofSeconds(20);

  private final Engine engine;
  private final JobPlan plan;
  private final Journal journal;
  private final Consumer<String> log;

  Parking(Engine engine, JobPlan plan, Journal journal, Consumer<String> log) {
    this.engine = engine;
    this.plan = plan;
    this.journal = journal;
    this.log = log;
  }

  /** CONFLICT if it has ended by itself meanwhile. */
  void park(String id) throws EngineException, IOException, InterruptedException {
    Containers containers = engine.containers();
    ContainerState state = containers.inspect(id).state();
    if (plan.checkpoint().orElseThrow().isAsked() && state == ContainerState.PAUSED) {
      containers.unpause(id);
    }
    if (!save(id)) {
      log.accept(
          "the client wants the memory back: what the job did since its last checkpoint will be done again");
    }
    journal.update(e -> e.parked = true);
    containers.kill(id);
  }

  private boolean save(String id) throws IOException, InterruptedException {
    try {
      return new Checkpointer(engine, id, plan, journal, log).save(CHECKPOINT_LIMIT);
    } catch (EngineException e) {
      log.accept("the job was asked for a checkpoint in vain: " + e.sentence());
      return false;
    }
  }
}
