package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The wrapper starts Podman's service itself. Each test's wrappers have a runtime directory of
 * their own, and so a service; the storage is the one that scripts/engines filled.
 */
@EnabledIfSystemProperty(named = "engine", matches = "podman.*", disabledReason = "needs Podman")
final class PodmanServiceIT extends JobTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private Path runtime() throws IOException {
    Path runtime = data.resolve("run");
    if (!Files.exists(runtime)) {
      Files.createDirectory(
          runtime,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return runtime;
  }

  private Job job(Job.Builder builder) throws IOException {
    return builder
        .environment("DOCKER_HOST", "podman-service")
        .environment("XDG_RUNTIME_DIR", runtime().toString())
        .prepare();
  }

  /** The processes of the service; rootless it may be two. */
  private List<ProcessHandle> services() throws IOException {
    String url = "unix://" + runtime().resolve("boinc-docker/podman.sock");
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process
                    .info()
                    .arguments()
                    .filter(words -> List.of(words).contains(url))
                    .isPresent())
        .toList();
  }

  private long sessions() throws IOException {
    return services().stream()
        .filter(process -> process.parent().map(ProcessHandle::pid).orElse(1L) == 1L)
        .count();
  }

  @Test
  void twoWrappersShareOneServiceThatEndsAfterTheLast() throws Exception {
    Job one = job(jobs.mounted("one", UNTIL_GO + "echo ran >>runs\n"));
    Job two = job(jobs.mounted("two", UNTIL_GO + "echo ran >>runs\n"));
    one.start();
    two.start();
    one.await(ContainerState.RUNNING);
    two.await(ContainerState.RUNNING);
    assertEquals(1, sessions(), () -> "services: " + one.client().wrapperPid());
    one.go();
    two.go();
    one.endOfJob();
    two.endOfJob();
    assertEquals("ran\n", Files.readString(one.file("runs")));
    assertEquals("ran\n", Files.readString(two.file("runs")));
    Await.until("the service has ended", LONG, () -> services().isEmpty());
  }

  @Test
  void aJobLivesThroughTheDeathOfItsService() throws Exception {
    Job job = job(jobs.mounted("killed", UNTIL_GO + "echo ran >>runs\n"));
    job.start();
    ContainerSighting before = job.await(ContainerState.RUNNING);
    job.awaitReport("anything", status -> true);
    List<ProcessHandle> killed = services();
    killed.forEach(ProcessHandle::destroyForcibly);
    Await.until(
        "another service runs",
        LONG,
        () -> services().stream().anyMatch(service -> !killed.contains(service)));
    assertEquals(before.id(), job.await(ContainerState.RUNNING).id());
    job.go();
    job.endOfJob();
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  @Test
  void theClientsCleanUpSparesIt() throws Exception {
    Job job = job(jobs.mounted("quit", UNTIL_GO + "echo ran >>runs\n"));
    job.start();
    job.await(ContainerState.RUNNING);
    job.awaitReport("anything", status -> true);
    List<ProcessHandle> before = services();
    assertTrue(
        before.stream().allMatch(service -> !descends(service, job.client().wrapperPid())),
        "the client would kill it");
    job.client().quit();
    job.end();
    assertTrue(before.stream().anyMatch(ProcessHandle::isAlive), "it went with the wrapper");
    job.start();
    job.go();
    job.endOfJob();
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  private static boolean descends(ProcessHandle process, long ancestor) {
    return process
        .parent()
        .map(parent -> parent.pid() == ancestor || descends(parent, ancestor))
        .orElse(false);
  }

  @Test
  void aClientWithoutASessionNeedsNoHome() throws Exception {
    Job job =
        job(
            jobs.mounted("bare", "echo ran >>runs\n")
                .under(List.of("env", "-u", "HOME", "-u", "USER", "-u", "LANG")));
    job.runToCompletion();
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  @Test
  void aDirectoryThatOthersMayUseIsNamed() throws Exception {
    Path open = Files.createDirectory(runtime().resolve("boinc-docker"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    EpisodeEnd end = job(jobs.mounted("open", "exit 0\n")).run().end();
    EpisodeEnd.TemporaryExit exit =
        assertInstanceOf(EpisodeEnd.TemporaryExit.class, end, end.sentence());
    assertTrue(exit.reason().contains("is open to others"), exit.reason());
  }
}
