package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.job.VolunteerPolicy;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the volunteer agreed to is in the container, and nothing else of the host. */
final class ConsentIT extends JobTest {
  @TempDir Path host;

  /** A device node of the test's own: the same as /dev/null, but nobody else's. */
  private Path device() throws Exception {
    Path node = host.resolve("fakedevice");
    Process made =
        new ProcessBuilder("mknod", "-m", "666", node.toString(), "c", "1", "3")
            .redirectErrorStream(true)
            .start();
    assertEquals(0, made.waitFor(), () -> "mknod needs root and a file system that has devices");
    return node.toRealPath();
  }

  private Job.Builder asking(String security, String script) {
    return jobs.mounted("consent", security, script).file(SimulatedFile.output("out"));
  }

  @Test
  void whatWasAgreedToIsThere() throws Exception {
    Path device = device();
    Path shared = Files.createDirectory(host.resolve("cvmfs"));
    Files.writeString(shared.resolve("data"), "of the host\n");
    Job job =
        asking(
                """
                user = "0:0"
                [security]
                root = true
                caps = ["SYS_NICE"]
                devices = ["%s"]
                host_mounts = [{ host = "%s", at = "/cvmfs" }]
                """
                    .formatted(device, shared),
                """
                { grep CapEff /proc/self/status; grep NoNewPrivs /proc/self/status
                  test -c %s && echo device; cat /cvmfs/data
                  echo x 2>/dev/null >/cvmfs/data || echo read-only; } >out
                """
                    .formatted(device))
            .slot(
                slot ->
                    slot.policy(
                        """
                        [[project]]
                        url = "https://simulated.example/project/"
                        caps = ["SYS_NICE"]
                        devices = ["%s"]
                        mounts = ["%s:ro"]
                        root = true
                        """
                            .formatted(device, shared)))
            .prepare();
    job.runToCompletion();
    assertEquals(
        List.of(
            "CapEff:\t0000000000800000", "NoNewPrivs:\t1", "device", "of the host", "read-only"),
        job.output("out").lines().toList());
    assertEquals("of the host\n", Files.readString(shared.resolve("data")));
  }

  @Test
  void withoutConsentNothingIsCreatedAndTheClientShowsHowToGiveIt() throws Exception {
    Job job = asking("[security]\ncaps = [\"SYS_NICE\"]\n", "echo ran >out").prepare();
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end(), job.stderr());
    List<String> finish = Files.readAllLines(job.file(FinishFile.NAME));
    assertEquals("206", finish.get(0));
    assertTrue(
        finish
            .get(1)
            .contains("boinc-docker policy allow simulated.example_project --cap SYS_NICE"),
        finish.get(1));
    assertEquals("notice", finish.get(2));
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void aPolicyThatCanNotBeUnderstoodKeepsJobsWaitingAndFailsNone() throws Exception {
    Job job =
        asking("", "echo ran >out").slot(slot -> slot.policy("network = \"noone\"\n")).prepare();
    EpisodeEnd.TemporaryExit exit =
        assertInstanceOf(EpisodeEnd.TemporaryExit.class, job.run().end(), job.stderr());
    assertTrue(
        exit.reason()
            .contains("docker_policy.toml:1: network: \"noone\" is not one of allow, none"),
        exit.reason());
  }

  @Test
  void aPolicyThatAnybodyCanWriteProvesNoConsent() throws Exception {
    Job job =
        asking("", "echo ran >out").slot(slot -> slot.policy("network = \"none\"\n")).prepare();
    Path file = job.slot().dataDirectory().resolve(VolunteerPolicy.FILE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    EpisodeEnd.TemporaryExit exit =
        assertInstanceOf(EpisodeEnd.TemporaryExit.class, job.run().end(), job.stderr());
    assertTrue(exit.reason().contains("run chmod o-w " + file), exit.reason());
  }

  @Test
  void aVolunteerWhoWantsNoNetworkHasNoContainerWithOne() throws Exception {
    Job job =
        asking("[network]\nmode = \"nat\"\n", "ls /sys/class/net >out")
            .slot(slot -> slot.policy("network = \"none\"\n"))
            .prepare();
    job.runToCompletion();
    assertEquals("lo\n", job.output("out"));
  }

  /** What the RUN command saw goes into the image, and from there into the output. */
  private Job.Builder building(String network) {
    return jobs.job("buildnet")
        .toml(
            """
            schema = 1
            [container]
            command = ["sh", "-c", "cat /seen >out"]
            [network]
            mode = "%s"
            """
                .formatted(network))
        .file(
            SimulatedFile.input(
                "Dockerfile",
                "FROM %s\nRUN ls /sys/class/net >/seen # %s\n"
                    .formatted(TestEngine.IMAGE, jobs.engine().name())))
        .file(SimulatedFile.output("out"));
  }

  @Test
  void theCommandsOfABuildHaveTheJobsNetworkOrNone() throws Exception {
    Job none = building("none").prepare();
    none.runToCompletion();
    assertEquals("lo\n", none.output("out"));
    Job forbidden = building("nat").slot(slot -> slot.policy("network = \"none\"\n")).prepare();
    forbidden.runToCompletion();
    assertEquals("lo\n", forbidden.output("out"));
  }

  @Test
  void theCommandsOfABuildHaveANetworkWhereTheJobHasOne() throws Exception {
    Job job = building("nat").prepare();
    job.runToCompletion();
    assertTrue(job.output("out").contains("eth0"), job.output("out"));
  }
}
