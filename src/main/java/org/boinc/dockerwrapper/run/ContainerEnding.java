package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.HeadAndTail;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.Labels;

/** Ends a container, politely where there is time, and takes away what is left of the job. */
final class ContainerEnding {
  /** The client kills us 60 s after an abort, and the container is still to be removed. */
  private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(30);

  private static final Duration NEWS_OF_MEMORY = Duration.ofSeconds(1);

  private static final int OUTPUT_EXCERPT = 2 * 1024;

  private final JobContext context;
  private final Engine engine;

  ContainerEnding(JobContext context, Engine engine) {
    this.context = context;
    this.engine = engine;
  }

  /** The job's own command; that it fails or hangs changes nothing of what follows. */
  void shutDown(String id, ContainerPlan plan) throws EngineException, IOException {
    if (plan.shutdown().isEmpty()) {
      return;
    }
    try {
      thaw(id);
      context.log().say("running container.shutdown");
      HeadAndTail output = new HeadAndTail(OUTPUT_EXCERPT, OUTPUT_EXCERPT);
      int status =
          engine
              .commands()
              .run(
                  id,
                  plan.shutdown(),
                  SHUTDOWN_LIMIT,
                  (_, bytes) -> output.append(bytes, 0, bytes.length));
      String text = output.text();
      if (!text.isBlank()) {
        context.log().block("output of container.shutdown", text);
      }
      if (status != 0) {
        context.log().say("container.shutdown ended with status " + status);
      }
    } catch (EngineException e) {
      if (e.fault() == Fault.CANCELLED || e.fault() == Fault.UNREACHABLE) {
        throw e;
      }
      context.log().say("container.shutdown was cut short: " + e.sentence());
    }
  }

  /** Shutdown command, stop signal, KILL. */
  void stop(String id, ContainerPlan plan) throws EngineException, IOException {
    shutDown(id, plan);
    thaw(id);
    engine.containers().stop(id, plan.stopTimeout());
  }

  /** A frozen process gets no signal and runs no command. */
  private void thaw(String id) throws EngineException {
    Containers containers = engine.containers();
    switch (containers.inspect(id).state()) {
      case PAUSED -> containers.unpause(id);
      case CREATED, RUNNING, RESTARTING, REMOVING, EXITED, DEAD -> {}
    }
  }

  /**
   * What is known of a container that has ended. Docker hears of a death for want of memory on
   * another way than of the death itself, and sometimes later.
   */
  ContainerSighting ended(String id, Optional<ContainerSighting> seen)
      throws EngineException, InterruptedException {
    ContainerSighting found = seen.isPresent() ? seen.get() : engine.containers().inspect(id);
    if (!SightingRules.wasKilled(found)) {
      return found;
    }
    Thread.sleep(NEWS_OF_MEMORY);
    return engine.containers().inspect(id);
  }

  /** Containers, and the image where it goes with the job. */
  void remove(Optional<String> id, Optional<JobPlan> plan, String imageTag)
      throws EngineException, IOException, InterruptedException {
    if (id.isPresent()) {
      engine.containers().remove(id.get());
    }
    if (id.isEmpty() || plan.flatMap(JobPlan::cluster).isPresent()) {
      Map<String, String> ours = Labels.identity(context.job(), context.slot().directory());
      List<ContainerSighting> all = new ArrayList<>(engine.containers().find(ours));
      ContainerSearch.inOrderOfRemoval(all);
      for (ContainerSighting found : all) {
        engine.containers().remove(found.id());
      }
    }
    UntrustedTree.unlock(context.slot().workDirectory(), context.log()::say);
    if (!imageTag.isEmpty()) {
      try (ProjectLock _ = ProjectLock.acquire(context.job().projectDirectory())) {
        if (engine.images().remove(imageTag)) {
          new ImageMemory(context, engine.facts().endpoint()).forget(imageTag);
        }
      }
    }
    if (plan.isPresent()) {
      WorkDirectory.removeUntouched(plan.get().outputs());
    }
  }
}
