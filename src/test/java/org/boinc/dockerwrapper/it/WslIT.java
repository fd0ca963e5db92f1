package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * An engine in a Linux system inside Windows. The program {@code wsl} is a stand-in that knows one
 * such system, which is this machine; the relay that it runs is the real one.
 */
@Tag("any-engine")
final class WslIT {
  private static final String DOCKER =
      "<docker_version>28</docker_version><docker_type>1</docker_type>";

  @TempDir Path temporary;
  private Path data;
  private final List<Path> made = new ArrayList<>();
  @RegisterExtension final Jobs jobs = new Jobs(() -> data);

  @BeforeEach
  void makeTheStandIn() throws Exception {
    data = temporary;
    Path bin = Files.createDirectory(temporary.resolve("bin"));
    Path wsl = bin.resolve("wsl");
    Files.writeString(
        wsl,
        """
        #!/bin/sh
        echo "$*" >>%s
        [ "$1 $2 $3" = "-d Debian --exec" ] || exit 1
        shift 3
        exec "$@"
        """
            .formatted(log()));
    Files.setPosixFilePermissions(wsl, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void removeDirectories() throws IOException {
    for (Path top : made) {
      try (Stream<Path> tree = Files.walk(top)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
      try {
        Files.delete(top.getParent());
      } catch (DirectoryNotEmptyException inUse) {
        // by a test beside this one, or by people
      }
    }
  }

  private Path log() {
    return temporary.resolve("calls");
  }

  /** The client found an engine in three systems, of which the first may not be used. */
  private Job prepare(Job.Builder builder) throws IOException {
    Job job =
        builder
            .under(List.of("env", "-u", "DOCKER_HOST", "-u", "CONTAINER_HOST"))
            .environment("PATH", temporary.resolve("bin") + ":" + System.getenv("PATH"))
            .prepare();
    job.slot()
        .initData()
        .set(
            "host_info",
            "<wsl><distro><distro_name>Forbidden</distro_name>%1$s<disallowed/></distro><distro><distro_name>Empty</distro_name></distro><distro><distro_name>Debian</distro_name>%1$s</distro><distro><distro_name>Later</distro_name>%1$s</distro></wsl>"
                .formatted(DOCKER));
    return job;
  }

  private void assertOnlyDebianWasUsed() throws IOException {
    List<String> calls = Files.readAllLines(log());
    assertTrue(
        calls.stream().allMatch("-d Debian --exec docker system dial-stdio"::equals),
        calls::toString);
  }

  @Test
  void c76AJobThatCopiesRunsInTheFirstSystemThatMayBeUsed() throws Exception {
    Job job = prepare(jobs.copying("wsl", "echo ran >/work/out"));
    job.runToCompletion();
    assertEquals("ran\n", job.output("out"));
    assertOnlyDebianWasUsed();
  }

  /** Drive C is a directory in the root of this machine, as a path in a URI has it. */
  @Test
  void aSlotOnADriveIsMountedWhereTheLinuxSystemHasIt() throws Exception {
    String name = "boinc-test-" + UUID.randomUUID();
    data = Files.createDirectories(Path.of("/C:", name));
    Path seen = Files.createDirectories(Path.of("/mnt/c")).resolve(name);
    made.addAll(List.of(Files.createSymbolicLink(seen, data), data));
    Job job =
        prepare(
            jobs.mounted("wslmount", "cat in >out; until [ -e /app/go ]; do sleep 0.1; done")
                .file(SimulatedFile.input("in", "42"))
                .file(SimulatedFile.output("out")));
    job.start();
    String id = job.await(ContainerState.RUNNING).id();
    String mounts = InspectedContainer.of(jobs.engine(), id).path("HostConfig").toString();
    assertTrue(mounts.contains("\"Source\":\"/mnt/c/" + name + "/slots/0/"), mounts);
    job.go();
    job.endOfJob();
    assertEquals("42", job.output("out"));
    assertOnlyDebianWasUsed();
  }

  @Test
  void aSlotOnNoDriveIsRefusedWithTheCure() throws Exception {
    Job job = prepare(jobs.mounted("wsldrive", "exit 0"));
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("a drive with a letter"), job.stderr());
    assertTrue(job.containers().isEmpty());
  }
}
