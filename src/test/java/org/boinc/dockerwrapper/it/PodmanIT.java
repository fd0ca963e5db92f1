package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.Endpoint;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What can happen with Podman only. */
@Tag(EngineUnderTest.PODMAN_ONLY)
final class PodmanIT extends JobTest {

  /** What a Podman without root makes and mounts is its user's. */
  @BeforeEach
  void theUserMayUseTheDirectory() throws Exception {
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    if (TestUser.OWNS_ENGINE) {
      TestUser.own(data);
    }
  }

  /** An API service beside that of the tests, in the same storage, which can be killed. */
  private Process serve(Path socket) throws Exception {
    Files.deleteIfExists(socket);
    List<String> words = new ArrayList<>(TestUser.asOwnerOfEngine());
    if (TestUser.OWNS_ENGINE) {
      Path runtime = jobs.engine().socket().resolve("../..").normalize();
      words.addAll(List.of("--reset-env", "env", "XDG_RUNTIME_DIR=" + runtime));
    }
    words.addAll(List.of("podman", "system", "service", "--time=0", "unix://" + socket));
    Process service =
        new ProcessBuilder(words)
            .directory(data.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("service.log").toFile()))
            .start();
    Await.until("it listens", Job.PATIENCE, () -> Files.exists(socket));
    return service;
  }

  @Test
  void aJobOutlivesAServiceThatIsKilledAndComesBack() throws Exception {
    Path socket = data.resolve("own.sock");
    Process first = serve(socket);
    Process second = first;
    try {
      Job job =
          jobs.mounted("service", UNTIL_GO + "echo ran >>runs")
              .environment("DOCKER_HOST", "unix://" + socket)
              .start();
      String id = job.await(ContainerState.RUNNING).id();
      job.awaitReport("anything", status -> true);
      first.destroyForcibly().waitFor();
      job.awaitStderr("waiting for container");
      assertEquals(ContainerState.RUNNING, job.container().state());
      second = serve(socket);
      job.client().suspend();
      job.await(ContainerState.PAUSED);
      job.client().resume();
      assertEquals(id, job.await(ContainerState.RUNNING).id());
      job.go();
      job.endOfJob();
      assertEquals("ran\n", Files.readString(job.file("runs")));
    } finally {
      first.destroyForcibly();
      second.destroyForcibly();
    }
  }

  @Test
  void aJobThatEndsWhileTheServiceIsAwayHasEndedOnce() throws Exception {
    Path socket = data.resolve("own.sock");
    Process first = serve(socket);
    Process second = first;
    try {
      Job job =
          jobs.copying("away", "sleep 3; echo ran >>/work/out; exit 0")
              .environment("DOCKER_HOST", "unix://" + socket)
              .start();
      job.await(ContainerState.RUNNING);
      first.destroyForcibly().waitFor();
      job.await(ContainerState.EXITED);
      second = serve(socket);
      job.endOfJob();
      assertEquals("ran\n", job.output("out"));
    } finally {
      first.destroyForcibly();
      second.destroyForcibly();
    }
  }

  /** Podman goes on to say that it runs, and neither stops nor starts it. */
  @Test
  void aContainerThatLostItsMonitorAndItsProcessIsMadeAnew() throws Exception {
    Job job = jobs.mounted("monitor", UNTIL_GO + "echo ran >>runs").start();
    ContainerSighting before = job.await(ContainerState.RUNNING);
    job.client().kill9();
    job.end();
    ProcessHandle process = ProcessHandle.of(before.pid()).orElseThrow();
    ProcessHandle monitor = process.parent().orElseThrow();
    assertEquals("conmon\n", Files.readString(Path.of("/proc/" + monitor.pid() + "/comm")));
    for (ProcessHandle handle : List.of(monitor, process)) {
      assertTrue(handle.destroyForcibly());
      handle.onExit().get();
    }
    assertEquals(ContainerState.DEAD, job.container().state());
    job.start();
    assertNotEquals(before.id(), job.await(ContainerState.RUNNING).id());
    job.go();
    job.endOfJob();
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  @Test
  void whatIsKnownOfItWithoutAskingIsWhatItSays() throws Exception {
    Path socket = jobs.engine().socket();
    EngineFacts known = jobs.engine().engine().facts();
    Endpoint relay = new Endpoint.Command(EngineUnderTest.IT.dialing(socket));
    try (Engine asked = Engine.connect(relay, Job.PATIENCE)) {
      EngineFacts told = asked.facts();
      assertEquals(told.toString().replace(told.endpoint(), known.endpoint()), known.toString());
    }
  }

  @Test
  void aPathThatPodmanCannotMountIsNamed() throws Exception {
    Path odd = Files.createDirectory(data.resolve("with:colon"));
    Job job =
        new Job.Builder("colon", odd, jobs)
            .toml(Jobs.toml("/app/job.sh", ""))
            .script("job.sh", "exit 0")
            .prepare();
    job.run();
    assertTrue(job.stderr().contains("there is a colon in it"), job.stderr());
    assertTrue(job.containers().isEmpty());
  }
}
