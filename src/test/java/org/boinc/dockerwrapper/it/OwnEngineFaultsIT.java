package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Engines that die, run full, are damaged or are not for everybody. */
@Tag("any-engine")
@Execution(ExecutionMode.SAME_THREAD)
final class OwnEngineFaultsIT extends JobTest {

  /** Engines whose storage copies every layer take their time. */
  private static final Duration SLOW = Duration.ofMinutes(3);

  private Path place() throws IOException {
    return Files.createDirectory(data.resolve("e"));
  }

  private static Job.Builder at(OwnDaemon engine, Job.Builder builder) {
    return builder.environment("DOCKER_HOST", engine.endpoint().toString());
  }

  private static ContainerSighting running(OwnDaemon engine, Job job) throws Exception {
    Map<String, String> labels = Labels.ofSlot(job.slot().directory().toRealPath());
    return Await.value(
        "a running container",
        Job.PATIENCE,
        () ->
            engine.containers(labels).stream()
                .filter(found -> found.state() == ContainerState.RUNNING)
                .findFirst());
  }

  private static EpisodeEnd.TemporaryExit temporaryExit(Job job) throws Exception {
    return assertInstanceOf(
        EpisodeEnd.TemporaryExit.class, job.start().client().awaitExit(SLOW).end(), job.stderr());
  }

  @Test
  void dockerIsDownAtTheStartAndKilledInTheMiddleAndTheJobIsNeitherLostNorDoubled()
      throws Exception {
    try (OwnDaemon docker = OwnDaemon.docker(place())) {
      Job job = at(docker, jobs.mounted("killed", UNTIL_GO + "echo ran >>runs")).prepare();
      assertTrue(temporaryExit(job).reason().contains("there is no socket"), job.stderr());

      docker.start();
      docker.makeImages();
      job.start();
      String id = running(docker, job).id();
      job.awaitReport("anything", status -> true);
      docker.kill();
      job.awaitStderr("looking again");
      Await.throughout("patience", Duration.ofSeconds(5), job.client()::isRunning);

      docker.start();
      assertEquals(id, running(docker, job).id(), job.stderr());
      job.go();
      job.endOfJob();
      assertEquals("ran\n", Files.readString(job.file("runs")));
      assertEquals(
          List.of(), docker.containers(Labels.ofSlot(job.slot().directory().toRealPath())));
    }
  }

  @Test
  void aDiskThatRunsFullDuringABuildPutsTheJobOff() throws Exception {
    Path place = place();
    Path disk = Files.createDirectory(place.resolve("data"));
    mount("-t", "tmpfs", "-o", "size=40m", "tmpfs", disk.toString());
    try (OwnDaemon docker = OwnDaemon.docker(place)) {
      docker.start();
      docker.makeImages();
      Job job =
          at(
                  docker,
                  jobs.building(
                      "buildfull",
                      "FROM %s\nRUN dd if=/dev/zero of=/big bs=1M count=60\n"
                          .formatted(TestEngine.IMAGE),
                      "echo ran >>runs"))
              .prepare();
      EpisodeEnd.TemporaryExit exit = temporaryExit(job);
      assertTrue(exit.delaySeconds() >= 60, exit.toString());
      // The build finds it out, or the wrapper's watch before it.
      assertTrue(
          job.stderr().contains("o space left on device")
              || job.stderr().contains("making the image was broken off: of the disk of " + disk),
          job.stderr());
      mount("-o", "remount,size=400m", disk.toString());
      job.runToCompletion();
      assertEquals("ran\n", Files.readString(job.file("runs")));
    }
  }

  private static void mount(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(words));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), command::toString);
  }

  @Test
  void aUserWhoMayNotOpenTheSocketIsToldWhichGroupMay() throws Exception {
    Path socket = jobs.engine().socket();
    Job job =
        TestUser.prepare(
            jobs.mounted("nogroup", "exit 0").environment("DOCKER_HOST", "unix://" + socket),
            List.of(
                "setpriv",
                "--reuid=" + TestUser.NAME,
                "--regid=" + TestUser.NAME,
                "--clear-groups"));
    String reason = temporaryExit(job).reason();
    String group = Files.readAttributes(socket, PosixFileAttributes.class).group().getName();
    assertTrue(reason.contains("user %s may not open %s".formatted(TestUser.NAME, socket)), reason);
    assertTrue(
        reason.contains(
            group.equals("root")
                ? "set up an engine of its own"
                : "sudo usermod -aG %s %s".formatted(group, TestUser.NAME)),
        reason);
  }

  @Test
  void aDamagedPodmanStoreIsNamedWithItsCureAndTheJobPutOff() throws Exception {
    try (OwnDaemon podman = OwnDaemon.podman(place(), List.of())) {
      podman.start();
      podman.makeImages();
      Path layers = podman.data().resolve("vfs/dir");
      Path elsewhere = Files.move(layers, podman.data().resolve("saved"));
      Files.createDirectory(layers);
      Job job = at(podman, jobs.mounted("damaged", "echo ran >>runs")).prepare();
      EpisodeEnd.TemporaryExit exit = temporaryExit(job);
      assertTrue(exit.reason().contains("podman system reset"), exit.reason());
      assertTrue(job.stderr().contains(podman.data().toString()), job.stderr());
      Map<String, String> labels = Labels.ofSlot(job.slot().directory().toRealPath());
      assertEquals(List.of(), podman.containers(labels));

      Files.delete(layers);
      Files.move(elsewhere, layers);
      job.runToCompletion();
      assertEquals("ran\n", Files.readString(job.file("runs")));
      assertEquals(List.of(), podman.containers(labels));
    }
  }

  /** {@code nobody} is a user without subordinate ids everywhere. */
  @Test
  void aUserWithoutSubordinateIdsIsToldWhichFileIsMissingThem() throws Exception {
    Path place = place();
    Path own = Files.createDirectory(place.resolve("own"));
    Files.setOwner(
        own, own.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    for (Path above = own.getParent(); !above.equals(data.getParent()); above = above.getParent()) {
      Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    List<String> asNobody =
        List.of(
            "setpriv",
            "--reuid=nobody",
            "--regid=nogroup",
            "--clear-groups",
            "env",
            "HOME=" + own,
            "XDG_RUNTIME_DIR=" + own);
    try (OwnDaemon podman = OwnDaemon.podman(own, asNobody)) {
      podman.start();
      Path archive = data.resolve("owned.tar");
      try (SavedImage image = SavedImage.owned(jobs.engine(), data, "42:42")) {
        image.saveTo(archive);
      }
      Job job =
          at(
                  podman,
                  jobs.job("subuid")
                      .toml(
                          """
                          schema = 1
                          [image]
                          files = ["image.tar"]
                          [container]
                          command = ["sh", "-c", "exit 0"]
                          """)
                      .file(SimulatedFile.input("image.tar", path -> Files.copy(archive, path))))
              .prepare();
      String reason = temporaryExit(job).reason();
      assertTrue(reason.contains("/etc/subuid and /etc/subgid"), job.stderr());
      assertTrue(reason.contains("usermod --add-subuids"), reason);
    }
  }
}
