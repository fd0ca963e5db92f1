package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The assigned GPU by its CDI name. The device is a stub: a file of the Container Device Interface,
 * as NVIDIA's tool writes them, that gives a variable and /dev/null under another name.
 */
@Tag(EngineUnderTest.PODMAN_ONLY)
final class GpuIT extends JobTest {
  private static final Path DIRECTORY = Path.of("/etc/cdi");

  /** No other test's, and no real card's. */
  private final int number = ThreadLocalRandom.current().nextInt(1000, 1_000_000);

  private final Path file = DIRECTORY.resolve("boinc-test-%d.json".formatted(number));

  @BeforeEach
  void writeCdiFile() throws Exception {
    Files.createDirectories(DIRECTORY);
    Files.writeString(
        file,
        """
        {"cdiVersion": "0.5.0", "kind": "nvidia.com/gpu", "devices": [{"name": "%d",
          "containerEdits": {"env": ["STUB_GPU=%d"],
            "mounts": [{"hostPath": "/dev/null", "containerPath": "/dev/stub-gpu",
                        "options": ["rw", "bind"]}]}}]}
        """
            .formatted(number, number));
  }

  @AfterEach
  void removeCdiFile() throws Exception {
    Files.deleteIfExists(file);
  }

  private Job.Builder job(String gpu, String script) {
    return jobs.shell(
            "gpu",
            "/app/job.sh",
            """
            args = ["one two", "$3"]
            stop_signal = "SIGUSR1"
            env = { WORD = "a=b c" }
            [resources]
            cpus = 0.5
            shm = "16m"
            pids = 77
            ulimits = { nofile = 300 }
            [network]
            mode = "nat"
            ports = [{ container = 80 }, { container = 53, proto = "udp" }]
            hosts = { db = "10.0.0.1" }
            dns = ["9.9.9.9"]
            """
                + gpu,
            script)
        .slot(slot -> slot.gpu("NVIDIA", number, 1).bounds(200 << 20, 1e9));
  }

  @Test
  void theAssignedDeviceIsThereAndEverythingElseIsAsWithoutIt() throws Exception {
    Job with =
        job(
                "[gpu]\nenabled = true\n",
                "echo $STUB_GPU >gpu; [ -c /dev/stub-gpu ] && echo device >>gpu\n"
                    + "grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status >status\n"
                    + "echo \"$1|$2|$WORD\" >words\n"
                    + UNTIL_GO)
            .start();
    Job without = job("", UNTIL_GO).start();
    Await.until("it has looked", Job.PATIENCE, () -> Files.exists(with.work("words")));
    assertEquals(List.of("" + number, "device"), Files.readAllLines(with.work("gpu")));
    assertEquals(
        List.of("CapEff:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"),
        Files.readAllLines(with.work("status")));
    assertEquals("one two|$3|a=b c\n", Files.readString(with.work("words")));
    without.await(ContainerState.RUNNING);
    assertEquals(described(without), described(with));
    for (Job job : List.of(with, without)) {
      job.go();
      job.endOfJob();
    }
  }

  /** What the engine says of a container, without what belongs to one alone. */
  private Map<String, String> described(Job job) throws Exception {
    JsonNode inspected = InspectedContainer.of(jobs.engine(), job.container().id());
    Map<String, String> words = new TreeMap<>();
    JsonNode host = inspected.path("HostConfig");
    for (String field :
        List.of(
            "Memory",
            "MemorySwap",
            "NanoCpus",
            "CpuShares",
            "PidsLimit",
            "ShmSize",
            "CapAdd",
            "CapDrop",
            "ReadonlyRootfs",
            "RestartPolicy",
            "Ulimits",
            "NetworkMode",
            "Tmpfs",
            "Init",
            "BlkioWeight",
            "ExtraHosts",
            "Dns",
            "IpcMode",
            "PidMode",
            "UsernsMode",
            "Privileged")) {
      words.put(field, host.path(field).toString());
    }
    words.put("Log", host.path("LogConfig").path("Type").toString());
    words.put("Binds", host.path("Binds").toString());
    words.put("Ports", host.path("PortBindings").toString().replaceAll("\\d{4,5}", "N"));
    JsonNode config = inspected.path("Config");
    for (String field :
        List.of(
            "Hostname",
            "User",
            "WorkingDir",
            "Cmd",
            "Entrypoint",
            "StopSignal",
            "StopTimeout",
            "Labels")) {
      words.put(field, config.path(field).toString());
    }
    // Several jobs of a client share its project's directory, and each slot has its number.
    String unique = job.slot().resultName().replaceFirst("_0$", "");
    words.replaceAll((_, text) -> text.replace(unique, "JOB"));
    words.replaceAll((_, text) -> text.replaceAll("boinc-\\d+", "boinc-N"));
    String slot = job.slot().directory().toString();
    words.replaceAll((_, text) -> text.replace(slot, "SLOT"));
    return words;
  }

  @Test
  void aNameThatNoFileGivesIsToldWithTheCure() throws Exception {
    Files.delete(file);
    Job job = job("[gpu]\nenabled = true\n", "echo ran").prepare();
    assertEquals(new EpisodeEnd.ComputeError(201), job.run().end(), job.stderr());
    assertTrue(
        job.stderr().contains("no file in /etc/cdi or /var/run/cdi names nvidia.com/gpu=" + number),
        job.stderr());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void aDeviceThatTheVolunteerAgreedToIsGivenByItsName() throws Exception {
    Job job =
        jobs.mounted(
                "cdi",
                "[security]\ndevices = [\"nvidia.com/gpu=%d\"]\n".formatted(number),
                "echo $STUB_GPU >/app/gpu; " + UNTIL_GO)
            .slot(
                slot ->
                    slot.policy(
                        """
                        [[project]]
                        url = "https://simulated.example/project/"
                        devices = ["nvidia.com/gpu=%d"]
                        """
                            .formatted(number)))
            .start();
    Await.until(
        "the device is there",
        Job.PATIENCE,
        () ->
            Files.exists(job.work("gpu"))
                && Files.readString(job.work("gpu")).equals(number + "\n"));
    job.go();
    job.endOfJob();
  }
}
