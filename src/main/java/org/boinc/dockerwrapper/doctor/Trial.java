package org.boinc.dockerwrapper.doctor;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.boinc.dockerwrapper.doctor.HostFacts.Account;
import org.boinc.dockerwrapper.doctor.HostFacts.Bind;
import org.boinc.dockerwrapper.doctor.HostFacts.Pause;
import org.boinc.dockerwrapper.doctor.HostFacts.TrialResult;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.job.ByteSize;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.ImagePlan;
import org.boinc.dockerwrapper.plan.Mount;
import org.boinc.dockerwrapper.plan.Name;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.boinc.dockerwrapper.plan.Privileges;
import org.boinc.dockerwrapper.plan.ResourceLimits;

/**
 * Throw-away containers, created as a job's is: one is paused, another writes into a directory
 * beside the client's slots. Nothing is left of them.
 */
public final class Trial {
  /** On what is made here; what a killed trial left behind goes with the next one. */
  private static final String LABEL = "boinc.doctor";

  private static final String TAG = "boinc_docker_doctor:trial";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final Duration BUILDING = Duration.ofMinutes(1);
  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final int EROFS = 30;

  private final Containers containers;
  private final Engine engine;
  private final Account jobs;
  private final ImageFacts image;

  private Trial(Engine engine, Account jobs, ImageFacts image) {
    this.engine = engine;
    this.containers = engine.containers();
    this.jobs = jobs;
    this.image = image;
  }

  /**
   * Tries it.
   *
   * @param jobs whom the containers run as
   * @param data the client's data directory
   */
  public static TrialResult run(Engine engine, Account jobs, Optional<Path> data)
      throws IOException, InterruptedException {
    if (!engine.isOfThisHost()) {
      return TrialResult.notTried("the engine is not this host's");
    }
    if (!engine.facts().architecture().equals(TrialProgram.ARCHITECTURE)) {
      return TrialResult.notTried(
          "there is a trial program for amd64 only, and this engine is "
              + engine.facts().architecture());
    }
    try {
      removeEarlier(engine);
      Trial trial = new Trial(engine, jobs, image(engine));
      try {
        return trial.result(data);
      } finally {
        engine.images().remove(TAG);
      }
    } catch (EngineException e) {
      return new TrialResult(
          Pause.FAILED, e.sentence(), Bind.NOT_TRIED, "no container could be made");
    }
  }

  private static void removeEarlier(Engine engine) throws EngineException {
    for (ContainerSighting left : engine.containers().find(Map.of(LABEL, "trial"))) {
      engine.containers().remove(left.id());
    }
  }

  /** Built from nothing, so neither a registry nor a network is needed. */
  private static ImageFacts image(Engine engine) throws EngineException, IOException {
    Path context = Files.createTempDirectory("boinc-docker-");
    Path program = context.resolve("trial");
    Path dockerfile = context.resolve("Dockerfile");
    try {
      Files.write(program, TrialProgram.bytes());
      Files.writeString(dockerfile, "FROM scratch\nCOPY trial /trial\n");
      return engine
          .images()
          .build(
              new ImagePlan.Build(
                  new Name(TAG, TAG),
                  Map.of(LABEL, "trial"),
                  List.of(
                      new ImagePlan.ContextFile("Dockerfile", dockerfile, false, false),
                      new ImagePlan.ContextFile("trial", program, false, true)),
                  "Dockerfile",
                  Map.of(),
                  "",
                  "",
                  Optional.empty(),
                  BUILDING,
                  ImagePlan.BuildLimits.NONE),
              TAG,
              _ -> {});
    } finally {
      Files.deleteIfExists(program);
      Files.deleteIfExists(dockerfile);
      Files.deleteIfExists(context);
    }
  }

  private TrialResult result(Optional<Path> data)
      throws EngineException, IOException, InterruptedException {
    TrialResult paused = pause();
    if (data.isEmpty()) {
      return new TrialResult(
          paused.pause(), paused.pauseSaid(), Bind.NOT_TRIED, "there is no BOINC data directory");
    }
    TrialResult mounted = bind(data.get());
    return new TrialResult(paused.pause(), paused.pauseSaid(), mounted.bind(), mounted.bindSaid());
  }

  private TrialResult pause() throws EngineException, InterruptedException {
    String id = create(new Mount.Tmpfs(TrialProgram.DIRECTORY, new ByteSize(1 << 20)));
    try {
      containers.start(id, PATIENCE);
      Containers.Pause how = containers.pause(id);
      boolean still = containers.inspect(id).state() == ContainerState.PAUSED;
      containers.unpause(id);
      boolean goesOn = containers.inspect(id).state() == ContainerState.RUNNING;
      if (!still || !goesOn) {
        return ofPause(Pause.FAILED, still ? "it did not go on" : "the container ran on");
      }
      return how == Containers.Pause.FROZEN
          ? ofPause(Pause.FROZEN, "")
          : ofPause(Pause.STOPPED_BY_SIGNALS, "the engine refused to freeze it");
    } catch (EngineException refused) {
      return ofPause(Pause.FAILED, refused.sentence());
    } finally {
      containers.remove(id);
    }
  }

  private static TrialResult ofPause(Pause pause, String said) {
    return new TrialResult(pause, said, Bind.NOT_TRIED, "");
  }

  private static TrialResult ofBind(Bind bind, String said) {
    return new TrialResult(Pause.NOT_TRIED, "", bind, said);
  }

  private TrialResult bind(Path data) throws EngineException, IOException, InterruptedException {
    Path directory;
    try {
      directory = Files.createTempDirectory(data, "docker_wrapper_doctor_");
    } catch (AccessDeniedException denied) {
      return ofBind(
          Bind.NOT_TRIED,
          "this user may not write into %s; run it as user %s (sudo -u %s boinc-docker doctor)"
              .formatted(data, jobs.name(), jobs.name()));
    } catch (FileSystemException full) {
      return ofBind(
          Bind.NOT_TRIED, "nothing can be written into " + data + ": " + full.getReason());
    }
    try {
      own(directory);
      return mounted(directory);
    } finally {
      Files.deleteIfExists(directory.resolve(TrialProgram.FILE));
      Files.deleteIfExists(directory);
    }
  }

  /** Root makes it for the client's user; everybody else makes it for himself. */
  private void own(Path directory) throws IOException {
    if (((Number) Files.getAttribute(directory, "unix:uid")).longValue() != jobs.uid()) {
      Files.setAttribute(directory, "unix:uid", (int) jobs.uid());
    }
  }

  private TrialResult mounted(Path directory) throws EngineException, InterruptedException {
    String id;
    try {
      id = create(new Mount.Bind(directory, TrialProgram.DIRECTORY, false));
    } catch (EngineException refused) {
      return ofBind(Bind.FAILED, refused.sentence());
    }
    try {
      containers.start(id, PATIENCE);
      Path file = directory.resolve(TrialProgram.FILE);
      await(() -> Files.exists(file) || hasEnded(id));
      if (Files.exists(file)) {
        return ofBind(Bind.WORKS, "");
      }
      ContainerSighting seen = containers.inspect(id);
      return seen.state() == ContainerState.EXITED
          ? failed(seen.exitCode())
          : ofBind(Bind.ELSEWHERE, "");
    } catch (EngineException refused) {
      return ofBind(Bind.FAILED, refused.sentence());
    } finally {
      containers.remove(id);
    }
  }

  private static TrialResult failed(int status) {
    return switch (status) {
      case EPERM, EACCES -> ofBind(Bind.DENIED, "permission denied");
      case EROFS -> ofBind(Bind.DENIED, "it is read-only there");
      default -> ofBind(Bind.FAILED, "error number %d in the container".formatted(status));
    };
  }

  private boolean hasEnded(String id) {
    try {
      return containers.inspect(id).state() == ContainerState.EXITED;
    } catch (EngineException gone) {
      return true;
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  private String create(Mount mount) throws EngineException {
    long uid = engine.facts().rootless() ? 0 : jobs.uid();
    return containers.create(
        "boinc_docker_doctor_" + UUID.randomUUID(),
        new ContainerPlan(
            new ContainerPlan.RunAs.Ids(uid, uid),
            "doctor",
            List.of("/trial"),
            List.of(),
            List.of(),
            "",
            Map.of(),
            List.of(mount),
            new ResourceLimits(0.5, 64L << 20, 0, 1L << 20, 16, Map.of(), 0, 128, Optional.empty()),
            NetworkPlan.NONE,
            Privileges.NONE,
            Optional.empty(),
            true,
            false,
            "SIGTERM",
            Duration.ofSeconds(1),
            PATIENCE,
            List.of(),
            Map.of(LABEL, "trial"),
            Optional.empty()),
        image);
  }
}
