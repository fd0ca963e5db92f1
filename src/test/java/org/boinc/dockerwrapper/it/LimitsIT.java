package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/** What a job may use, what it is given, and how it ends when it takes more. */
final class LimitsIT extends JobTest {
  private Job.Builder limited(String prefix, String tables, String script) {
    return jobs.mounted(prefix, tables, script).file(SimulatedFile.output("out"));
  }

  private JsonNode inspected(Job job) throws Exception {
    return InspectedContainer.of(jobs.engine(), job.await(ContainerState.RUNNING).id());
  }

  private static Map<String, String> lines(String text, String separator) {
    return text.lines()
        .filter(line -> line.contains(separator))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf(separator)),
                line -> line.substring(line.indexOf(separator) + separator.length()).strip(),
                (a, b) -> b));
  }

  @Test
  void c38ArgumentsArriveWholeAndNothingIsExecutedOnTheHost() throws Exception {
    Path bait = data.resolve("bait");
    String[] arguments = {
      "a b",
      "it's",
      "\"quoted\"",
      "$(touch " + bait + ")",
      "`touch " + bait + "`",
      ";",
      "",
      "*",
      "ü"
    };
    Job job =
        limited(
                "c38",
                "",
                "for a in \"$@\"; do echo \"[$a]\"; done >out; env | grep '^BOINC_ARG' | sort >>out")
            .arguments(arguments)
            .prepare();
    job.runToCompletion();
    StringBuilder expected = new StringBuilder();
    for (String argument : arguments) {
      expected.append("[").append(argument).append("]\n");
    }
    expected.append("BOINC_ARGC=9\n");
    for (int i = 0; i < arguments.length; i++) {
      expected.append("BOINC_ARG_%d=%s\n".formatted(i + 1, arguments[i]));
    }
    assertEquals(expected.toString(), job.output("out"));
    assertFalse(Files.exists(bait));
  }

  @Test
  void c39LongArgumentsAndManyMountsAreAllThere() throws Exception {
    String longArgument = "x".repeat(2000);
    Job.Builder builder =
        limited("c39", "", "echo ${#1} >out; for i in $(seq 20); do cat in$i >>out; done")
            .arguments(longArgument);
    for (int i = 1; i <= 20; i++) {
      builder.file(SimulatedFile.input("in" + i, i + " "));
    }
    Job job = builder.prepare();
    job.runToCompletion();
    assertEquals("2000\n1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 ", job.output("out"));
  }

  @Test
  void c40TheCpusThatTheClientGrantedAreAQuota() throws Exception {
    for (double ncpus : new double[] {0.5, 1, 2}) {
      Job job =
          limited("c40", "", UNTIL_GO + "echo $BOINC_NCPUS >out").slot(s -> s.ncpus(ncpus)).start();
      assertQuota(job, ncpus);
      job.go();
      job.endOfJob();
      assertEquals(ncpus < 2 ? "1\n" : "2\n", job.output("out"));
    }
  }

  @Test
  void c40MoreCpusThanTheHostHasAreAllThatItHas() throws Exception {
    int cores = jobs.engine().engine().facts().cpus();
    Job job = limited("c40more", "", UNTIL_GO + "echo >out").slot(s -> s.ncpus(cores + 4)).start();
    assertQuota(job, cores);
    job.go();
    job.endOfJob();
  }

  private void assertQuota(Job job, double cpus) throws Exception {
    if (!EngineUnderTest.IT.holdsLimits()) {
      job.awaitStderr(EngineUnderTest.NO_LIMITS);
      return;
    }
    JsonNode host = inspected(job).path("HostConfig");
    assertEquals((long) (cpus * 1e9), host.path("NanoCpus").longValue());
    assertEquals(15, host.path("CpuShares").intValue(), "the weight of nice 19");
  }

  /** Where there is no NVIDIA runtime the container can't start, which says what was asked for. */
  @Test
  void c41OnlyTheAssignedGpuIsAskedFor() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    Job job =
        limited("c41", "[gpu]\nenabled = true\n", "echo >out")
            .slot(s -> s.gpu("NVIDIA", 1, 1))
            .through(proxy)
            .prepare();
    EpisodeEnd end = job.run().end();
    assertEquals(new EpisodeEnd.ComputeError(201), end, job.stderr());
    assertTrue(job.containers().isEmpty());
    if (!EngineUnderTest.IT.givesGpus()) {
      assertTrue(job.stderr().contains("names nvidia.com/gpu=1; run"), job.stderr());
      return;
    }
    JsonNode devices =
        InspectedContainer.requested(proxy).path("HostConfig").path("DeviceRequests");
    assertEquals(1, devices.size(), devices.toString());
    assertEquals("[\"1\"]", devices.get(0).path("DeviceIDs").toString());
    assertTrue(devices.get(0).path("Capabilities").get(0).toString().contains("\"gpu\""));
    assertEquals(0, devices.get(0).path("Count").intValue(), "a count would mean any GPU");
  }

  @Test
  void aJobThatNeedsAGpuAndWasAssignedNoneIsNotStarted() throws Exception {
    Job job = limited("nogpu", "[gpu]\nenabled = true\n", "echo >out").prepare();
    assertEquals(new EpisodeEnd.ComputeError(201), job.run().end(), job.stderr());
    assertTrue(
        job.stderr().contains("gpu: the job needs a GPU and the client assigned none"),
        job.stderr());
    assertTrue(job.containers().isEmpty());
  }

  @Test
  void aJobThatNeedsMoreMemoryThanTheWorkunitAllowsEndsWith198() throws Exception {
    Job job =
        limited(
                "oom",
                "",
                "{ head -c 200m /dev/zero; sleep 5; } | tail -c 190m >/dev/null && echo survived >out")
            .slot(s -> s.bounds(64 << 20, 1e9))
            .prepare();
    EpisodeEnd end = job.run().end();
    int status = EngineUnderTest.IT.tellsOfMemory() ? 198 : 193;
    assertEquals(new EpisodeEnd.ComputeError(status), end, job.stderr());
    assertTrue(job.stderr().contains(EngineUnderTest.IT.saysOfMemory(64)), job.stderr());
  }

  @Test
  void memorySwapPidsAndSharedMemoryAreLimited() throws Exception {
    Job job =
        limited(
                "resources",
                """
                [resources]
                memory = "100m"
                shm = "8m"
                tmp = "16m"
                pids = 77
                ulimits = { nofile = 123 }
                """,
                """
                df -k /dev/shm | tail -n 1 | awk '{ print "shm=" $2 }' >out
                df -k /tmp | tail -n 1 | awk '{ print "tmp=" $2 }' >>out
                echo "nofile=$(ulimit -n)" >>out
                echo "memory=$BOINC_MEMORY_BYTES" >>out
                """
                    + UNTIL_GO)
            .start();
    if (EngineUnderTest.IT.holdsLimits()) {
      JsonNode host = inspected(job).path("HostConfig");
      assertEquals(100 << 20, host.path("Memory").longValue());
      assertEquals(100 << 20, host.path("MemorySwap").longValue(), "no swap beyond it");
      assertEquals(77, host.path("PidsLimit").intValue());
    } else {
      job.awaitStderr(EngineUnderTest.NO_LIMITS);
    }
    job.go();
    job.endOfJob();
    assertEquals("shm=8192\ntmp=16384\nnofile=123\nmemory=104857600\n", job.output("out"));
  }

  @Test
  void aForkBombIsHeldByItsLimitOfProcesses() throws Exception {
    Job job =
        limited(
                "bomb",
                "[resources]\npids = 20\n",
                "i=0; while [ $i -lt 60 ]; do sleep 5 & i=$((i+1)); done; echo survived >out")
            .prepare();
    EpisodeEnd end = job.run().end();
    if (!EngineUnderTest.IT.holdsLimits()) {
      assertEquals(new EpisodeEnd.Completed(), end);
      assertTrue(job.stderr().contains(EngineUnderTest.NO_LIMITS), job.stderr());
      return;
    }
    assertInstanceOfComputeError(end, job);
    assertTrue(job.stderr().contains("fork"), job.stderr());
  }

  private static void assertInstanceOfComputeError(EpisodeEnd end, Job job) throws Exception {
    assertTrue(end instanceof EpisodeEnd.ComputeError, end.sentence() + job.stderr());
  }

  @Test
  void aForkBombThatGoesOnEndsWith197AndTheHostForksAllTheTime() throws Exception {
    assumeTrue(EngineUnderTest.IT.holdsLimits(), "nothing would hold it, and this host would stop");
    Job job =
        limited(
                "bombs",
                "[resources]\npids = 100\ntime_limit = \"4s\"\n",
                "bomb() { bomb | bomb & }; bomb 2>/dev/null; while :; do sleep 1; done")
            .start();
    job.await(ContainerState.RUNNING);
    for (int i = 0; i < 20; i++) {
      assertEquals(0, new ProcessBuilder("true").start().waitFor());
    }
    assertEquals(new EpisodeEnd.ComputeError(197), job.end().end(), job.stderr());
  }

  @Test
  void aJobThatOnlyTurnsAndWritesEndsWith197AndItsLogIsBounded() throws Exception {
    Job job = limited("endless", "[resources]\ntime_limit = \"4s\"\n", "yes endless").prepare();
    assertEquals(new EpisodeEnd.ComputeError(197), job.run().end(), job.stderr());
    assertTrue(Files.size(job.file("stderr.txt")) < 200 << 10, "the server takes 63 KiB");
  }

  /** The kernel ends it in the middle of the write: no look would come in time. */
  @Test
  void aFileLargerThanTheDiskLimitIsNotWrittenToItsEnd() throws Exception {
    for (String place : List.of("/root/", "/app/")) {
      Job job =
          limited("large", "", "head -c 10240m /dev/zero >" + place + "large")
              .slot(s -> s.bounds(5e8, 20 << 20))
              .prepare();
      assertEquals(new EpisodeEnd.ComputeError(196), job.run().end(), job.stderr());
      assertTrue(
          job.stderr().contains("a file larger than its limit of 20 MiB of disk"), job.stderr());
    }
  }

  @Test
  void manyFilesInTheContainerEndWith196Too() throws Exception {
    // Podman's / may not be written by a root without capabilities.
    assertDiskLimit("many", "FROM " + TestEngine.IMAGE + "\n", "/root/");
  }

  @Test
  void outputsInTheProjectDirectoryAreCountedToo() throws Exception {
    Job job =
        limited("outputs", "", "head -c 15m /dev/zero >out; head -c 15m /dev/zero >more; sleep 600")
            .file(SimulatedFile.output("more"))
            .slot(s -> s.bounds(5e8, 20 << 20))
            .prepare();
    assertEquals(new EpisodeEnd.ComputeError(196), job.run().end(), job.stderr());
  }

  @Test
  void aVolumeThatTheImageDeclaresIsCountedToo() throws Exception {
    assertDiskLimit("volume", "FROM " + TestEngine.IMAGE + "\nVOLUME /data\n", "/data/");
  }

  private void assertDiskLimit(String prefix, String dockerfile, String directory)
      throws Exception {
    Job job =
        jobs.building(
                prefix,
                dockerfile,
                "for i in 1 2 3 4 5 6; do head -c 5m /dev/zero >%sf$i; done; sleep 600"
                    .formatted(directory))
            .slot(s -> s.bounds(5e8, 20 << 20))
            .prepare();
    assertEquals(new EpisodeEnd.ComputeError(196), job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("more than its limit of 20 MiB"), job.stderr());
  }

  @Test
  void aJobRunsAtTheHostsIdlePriority() throws Exception {
    assertPriority(0, 15, 10);
  }

  @Test
  void aJobHasAnOrdinaryPriorityWhereTheVolunteerWantsThat() throws Exception {
    assertPriority(1, 1024, 0);
  }

  /** As it is asked for: some kernels know no weight of a container's I/O, and engines drop it. */
  private void assertPriority(int noChange, int shares, int weight) throws Exception {
    FaultyProxy proxy = jobs.proxy();
    Job job =
        limited("idle", "", "echo >out")
            .slot(s -> s.initData(xml -> xml.set("no_priority_change", noChange)))
            .through(proxy)
            .prepare();
    job.runToCompletion();
    JsonNode host = InspectedContainer.requested(proxy).path("HostConfig");
    assertEquals(shares, host.path("CpuShares").intValue());
    assertEquals(weight, host.path("BlkioWeight").intValue());
  }

  @Test
  void aJobThatRunsTooLongEndsWith197() throws Exception {
    Job job = limited("long", "[resources]\ntime_limit = \"2s\"\n", "sleep 600").prepare();
    assertEquals(new EpisodeEnd.ComputeError(197), job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("longer than resources.time_limit of 2 s"), job.stderr());
  }

  @Test
  void aJobThatWritesTooMuchEndsWith196EvenBehindAClosedDoor() throws Exception {
    Job job =
        TestUser.prepare(
            limited("disk", "", "mkdir d; chmod 000 d; head -c 30m /dev/zero >big; sleep 600")
                .slot(s -> s.bounds(5e8, 10 << 20)));
    assertEquals(new EpisodeEnd.ComputeError(196), job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("more than its limit of 10 MiB"), job.stderr());
  }

  @Test
  void aJobThatIsKilledByASignalEndsWith193() throws Exception {
    Job job = limited("signal", "", "kill -SEGV $$").prepare();
    assertEquals(new EpisodeEnd.ComputeError(193), job.run().end(), job.stderr());
    assertTrue(job.stderr().contains("the job was ended by signal 11"), job.stderr());
  }

  @Test
  void theJobHasNoPrivilegesAndCanGainNone() throws Exception {
    Job job = TestUser.prepare(limited("caps", "", "cat /proc/self/status >out"));
    job.runToCompletion();
    Map<String, String> status = lines(job.output("out"), ":");
    for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
      assertEquals("0000000000000000", status.get(set), set);
    }
    assertEquals("1", status.get("NoNewPrivs"));
    assertEquals("2", status.get("Seccomp"));
  }

  @Test
  void theJobIsTheClientsUserWithANameAndAHomeItCanWriteTo() throws Exception {
    Job job =
        TestUser.prepare(
            limited(
                "user",
                "",
                """
                echo "ids=$(id -u):$(id -g)" >out
                echo "name=$(whoami)" >>out
                echo "home=$HOME" >>out
                echo "host=$(hostname)" >>out
                touch ~/x && echo "written=yes" >>out
                """));
    job.runToCompletion();
    assertEquals(
        "ids=%s\nname=%s\nhome=/tmp\nhost=boinc-0\nwritten=yes\n"
            .formatted(TestUser.idsInContainer(), TestUser.OWNS_ENGINE ? "root" : "boinc"),
        job.output("out"));
  }

  @Test
  void nothingOfTheHostsEnvironmentReachesTheJob() throws Exception {
    Job job =
        limited("env", "", "env | cut -d= -f1 | sort | tr '\\n' ' ' >out")
            .environment("BAIT", "host's")
            .environment("SSH_AUTH_SOCK", "/x")
            .prepare();
    job.runToCompletion();
    assertEquals(
        "BOINC_APP BOINC_MEMORY_BYTES BOINC_NCPUS BOINC_RESULT BOINC_SLOT BOINC_WU HOME HOSTNAME PATH PWD SHLVL "
            + EngineUnderTest.IT.ownVariables(),
        job.output("out").replaceFirst("OLDPWD ", ""));
  }

  @Test
  void aJobOfSchema1HasNoNetworkUnlessItAsks() throws Exception {
    Job job = limited("none", "", "ls /sys/class/net >out").prepare();
    job.runToCompletion();
    assertEquals("lo\n", job.output("out"));
  }

  @Test
  void aJobThatAsksForANetworkHasOne() throws Exception {
    Job job = limited("nat", "[network]\nmode = \"nat\"\n", "ls /sys/class/net >out").prepare();
    job.runToCompletion();
    assertTrue(job.output("out").contains("eth0"), job.output("out"));
  }

  @Test
  void aLegacyJobHasTheNetworkItAlwaysHad() throws Exception {
    Job job =
        jobs.job("legacy")
            .toml("workdir = \"/app\"\n")
            .file(
                SimulatedFile.input(
                    "Dockerfile",
                    "FROM "
                        + TestEngine.IMAGE
                        + "\nCMD [\"sh\", \"-c\", \"ls /sys/class/net >out\"]\n"))
            .file(SimulatedFile.output("out").copied())
            .prepare();
    job.runToCompletion();
    assertTrue(job.output("out").contains("eth0"), job.output("out"));
  }

  private static final String PROXY =
      """

      <use_http_proxy/>
      <use_http_auth/>
      <http_server_name>proxy.example</http_server_name>
      <http_server_port>3128</http_server_port>
      <http_user_name>us er</http_user_name>
      <http_user_passwd>p@ss/w:rd&lt;5</http_user_passwd>
      <no_proxy>localhost,.example.org</no_proxy>
      """;

  @Test
  void c59TheProxysPasswordReachesTheJobEncodedAndNoLog() throws Exception {
    Job job =
        limited(
                "c59",
                "[network]\nmode = \"nat\"\n",
                "env | grep -i proxy | sort | tee out; echo p@ss/w:rd\\<5 >&2; exit 1")
            .slot(s -> s.initData(xml -> xml.set("proxy_info", PROXY)))
            .prepare();
    assertEquals(new EpisodeEnd.ComputeError(1), job.run().end(), job.stderr());
    String url = "http://us%20er:p%40ss%2Fw%3Ard%3C5@proxy.example:3128";
    Map<String, String> variables = lines(job.output("out"), "=");
    for (String name : List.of("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")) {
      assertEquals(url, variables.get(name), name);
    }
    assertTrue(job.stderr().contains("***@proxy.example"), job.stderr());
    assertFalse(job.stderr().contains("p%40ss") || job.stderr().contains("p@ss"), job.stderr());
  }

  @Test
  void c59ABuildGetsTheProxyAndItsFailureDoesNotTellThePassword() throws Exception {
    Job job =
        jobs.job("c59build")
            .toml(
                """
                schema = 1
                [network]
                mode = "nat"
                """)
            .file(
                SimulatedFile.input(
                    "Dockerfile",
                    "FROM " + TestEngine.IMAGE + "\nRUN echo proxy is $http_proxy; exit 1\n"))
            .slot(s -> s.initData(xml -> xml.set("proxy_info", PROXY)))
            .prepare();
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end(), job.stderr());
    assertTrue(
        job.stderr().contains("proxy is http://us%20er:***@proxy.example:3128"), job.stderr());
    assertFalse(job.stderr().contains("p%40ss"), job.stderr());
  }

  @Test
  void c60BothSpellingsOfTheExceptionsAreSet() throws Exception {
    Job job =
        limited("c60", "[network]\nmode = \"nat\"\n", "echo \"$no_proxy $NO_PROXY\" >out")
            .slot(s -> s.initData(xml -> xml.set("proxy_info", PROXY)))
            .prepare();
    job.runToCompletion();
    assertEquals("localhost,.example.org localhost,.example.org\n", job.output("out"));
  }
}
