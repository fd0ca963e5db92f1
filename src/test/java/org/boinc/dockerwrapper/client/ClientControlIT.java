package org.boinc.dockerwrapper.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.boinc.Channel;
import org.boinc.dockerwrapper.boinc.SharedMemory;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.it.Await;
import org.junit.jupiter.api.Test;

/** What the volunteer, or fate, does to a client while a job runs. */
final class ClientControlIT extends ClientTest {
  private static final String SCRIPT = UNTIL_GO + "echo 42 >out\n";

  private Workunit running(String name) throws Exception {
    host.attach(AppVersion.ofTemplate(MOUNTED));
    Workunit job = host.submit(Workunit.of(name, SCRIPT).output("out"));
    host.await(job, ContainerState.RUNNING);
    return job;
  }

  private void awaitOneWrapper(Workunit job) throws Exception {
    Path slot = host.slot(job);
    Await.until(
        "one process works in " + slot + ", and it is this client's",
        BoincClient.PATIENCE,
        () -> {
          List<ProcessHandle> found = LeftOvers.workingIn(slot);
          return found.size() == 1
              && found.getFirst().parent().map(ProcessHandle::pid).orElse(0L)
                  == host.client().pid();
        });
  }

  @Test
  void c68AJobThatWasSuspendedGoesOnAfterARestartOfTheClient() throws Exception {
    Workunit job = running("restart");
    String container = host.await(job, ContainerState.RUNNING).id();
    host.task(job, "suspend");
    host.await(job, ContainerState.PAUSED);
    host.task(job, "resume");
    host.await(job, ContainerState.RUNNING);
    host.task(job, "suspend");
    host.await(job, ContainerState.PAUSED);
    host.client().quit();
    assertEquals(List.of(), LeftOvers.workingIn(host.slot(job)));
    assertEquals(container, host.await(job, ContainerState.PAUSED).id());
    host.client().start();
    host.task(job, "resume");
    assertEquals(container, host.await(job, ContainerState.RUNNING).id());
    host.go(job);
    host.awaitValid(job);
  }

  @Test
  void c69AClientThatIsKilledAndStartedAtOnceHasOneWrapperAndTheSameContainer() throws Exception {
    Workunit job = running("killed");
    String container = host.await(job, ContainerState.RUNNING).id();
    host.client().kill9();
    host.client().start();
    awaitOneWrapper(job);
    assertEquals(container, host.await(job, ContainerState.RUNNING).id());
    host.go(job);
    host.awaitValid(job);
  }

  @Test
  void c72AJobWithACheckpointIsTakenOutOfMemoryAndComesBack() throws Exception {
    host.preference("leave_apps_in_memory", 0);
    Workunit job = running("memory");
    String container = host.await(job, ContainerState.RUNNING).id();
    reportACheckpoint(job);
    host.task(job, "suspend");
    host.awaitLog("sent <quit/>");
    Await.until(
        "the wrapper has left",
        BoincClient.PATIENCE,
        () -> LeftOvers.workingIn(host.slot(job)).isEmpty());
    assertEquals(container, host.await(job, ContainerState.PAUSED).id());
    host.task(job, "resume");
    assertEquals(container, host.await(job, ContainerState.RUNNING).id());
    host.go(job);
    host.awaitValid(job);
  }

  /** The client takes any change of this figure for one; the wrapper itself reports none so far. */
  private void reportACheckpoint(Workunit job) throws Exception {
    Channel status = new Channel(SharedMemory.attach(host.slot(job)), Channel.Name.APP_STATUS);
    String message =
        new AppStatus(
                7, 7, OptionalDouble.empty(), OptionalLong.empty(), false, OptionalInt.empty())
            .toMessage();
    Await.until("there is room for a message", BoincClient.PATIENCE, () -> status.send(message));
    host.awaitLog("result %s checkpointed".formatted(job.resultName()));
  }

  @Test
  void noImageIsBuiltWhileTheNetworkIsSuspended() throws Exception {
    host.attach(
        AppVersion.ofToml(
            """
            schema = 1
            verbose = 2
            [container]
            command = ["sh", "/app/main.sh"]
            """));
    host.client().tell("--set_run_mode", "never");
    Workunit job =
        host.submit(
            Workunit.of("build", "echo 42 >out\n")
                .input("Dockerfile", "FROM busybox:stable\nRUN echo built\n")
                .output("out"));
    host.awaitLog("result state=FILES_DOWNLOADED for " + job.resultName());
    host.client().tell("--set_network_mode", "never");
    host.client().tell("--set_run_mode", "always");
    Path stderr = host.slot(job).resolve("stderr.txt");
    Await.until(
        "the wrapper waits for the network",
        BoincClient.PATIENCE,
        () -> Files.exists(stderr) && Files.readString(stderr).contains("WAITING for network"));
    assertFalse(Files.readString(stderr).contains("building image"), "no build was begun");
    assertEquals(List.of(), host.containers(job));
    host.client().tell("--set_network_mode", "always");
    Report report = host.awaitValid(job);
    assertTrue(report.stderr().contains("building image"), report::stderr);
  }
}
