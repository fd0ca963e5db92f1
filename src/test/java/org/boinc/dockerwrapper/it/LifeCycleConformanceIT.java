package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.boinc.SharedMemory;
import org.boinc.dockerwrapper.boinc.TemporaryExit;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.boinc.dockerwrapper.simulate.SimulatedSlot;
import org.junit.jupiter.api.Test;

/** From the slot that the wrapper finds to the files and the status that it leaves. */
final class LifeCycleConformanceIT extends JobTest {

  @Test
  void c3WithoutSharedMemoryItWaitsForABetterTime() throws Exception {
    Job job =
        jobs.mounted("c3", "exit 0").slot(SimulatedSlot.Builder::withoutSharedMemory).prepare();
    // Where the job is another user's, it was handed over with one.
    Files.deleteIfExists(job.file(SharedMemory.FILE));
    EpisodeEnd end = job.run().end();
    assertInstanceOf(EpisodeEnd.TemporaryExit.class, end, end.sentence());
    assertFalse(Files.exists(job.file(FinishFile.NAME)));
    assertEquals(List.of(), job.containers());
  }

  @Test
  void c4WithoutInitDataItRunsAlone() throws Exception {
    Job job =
        jobs.job("c4")
            .file(
                SimulatedFile.input(
                        "Dockerfile",
                        "FROM busybox:stable\nCMD [\"sh\", \"-c\", \"echo 42 >/app/result\"]\n")
                    .copied())
            .prepare();
    Files.delete(job.file(InitData.FILE));
    byte[] canary = "nobody writes here".getBytes(StandardCharsets.UTF_8);
    Files.write(job.file(SharedMemory.FILE), canary);
    assertEquals(0, Job.statusOf(job.launchAlone()));
    assertEquals("0", Files.readAllLines(job.file(FinishFile.NAME)).getFirst());
    assertEquals("42\n", Files.readString(job.file("result")));
    assertEquals(
        new String(canary, StandardCharsets.UTF_8), Files.readString(job.file(SharedMemory.FILE)));
    assertEquals(List.of(), job.containers());
  }

  @Test
  void c25ASecondWrapperInTheSlotLeavesTheFirstAlone() throws Exception {
    Job job = jobs.mounted("c25", UNTIL_GO).start();
    job.await(ContainerState.RUNNING);
    Process second = job.launchAlone();
    job.awaitStderr("(%d): docker_wrapper".formatted(second.pid()));
    long start = System.nanoTime();
    assertEquals(0, Job.statusOf(second));
    Duration waited = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(waited.toSeconds() <= 40, "waited " + waited);
    List<String> lines = Files.readAllLines(job.file(TemporaryExit.NAME));
    assertEquals("600", lines.getFirst());
    assertTrue(lines.get(1).contains("lock"), lines.get(1));
    Files.delete(job.file(TemporaryExit.NAME));
    job.go();
    job.endOfJob();
  }

  @Test
  void c26AStaleFinishFileIsGoneWhileTheJobRuns() throws Exception {
    Job job = jobs.mounted("c26", UNTIL_GO).prepare();
    Files.writeString(job.file(FinishFile.NAME), "7\n");
    job.start().await(ContainerState.RUNNING);
    assertFalse(Files.exists(job.file(FinishFile.NAME)));
    job.go();
    job.endOfJob();
  }

  @Test
  void c27StatusZeroIsAFinishedResult() throws Exception {
    Job job =
        jobs.mounted("c27", "cat in >out")
            .file(SimulatedFile.input("in", "42"))
            .file(SimulatedFile.output("out"))
            .prepare();
    job.runToCompletion();
    assertEquals("42", job.output("out"));
    assertTrue(job.isNewest(FinishFile.NAME), "the finish file is written last");
  }

  @Test
  void c27StatusZeroIsAFinishedResultWithCopiedFiles() throws Exception {
    Job job =
        jobs.mounted("c27copied", "cat in >out; mkdir dir; echo deep >dir/file")
            .file(SimulatedFile.input("in", "42").copied())
            .file(SimulatedFile.output("out").copied())
            .file(SimulatedFile.output("dir/file").copied())
            .prepare();
    job.runToCompletion();
    assertEquals("42", job.output("out"));
    assertEquals("deep\n", job.output("dir/file"));
  }

  @Test
  void c27StatusZeroIsAFinishedResultInCopyMode() throws Exception {
    Job job = jobs.copying("c27mode", "echo 42 >/work/out").prepare();
    job.runToCompletion();
    assertEquals("42\n", job.output("out"));
    assertTrue(job.isNewest(FinishFile.NAME), "the finish file is written last");
  }

  @Test
  void c28StatusThreeIsTheResultsStatus() throws Exception {
    Job job = jobs.mounted("c28", "echo 'no such star' >&2; exit 3").prepare();
    Episode episode = job.run();
    assertEquals(new EpisodeEnd.ComputeError(3), episode.end());
    assertEquals("3", Files.readAllLines(job.file(FinishFile.NAME)).getFirst());
    assertTrue(job.stderr().contains("no such star"), "the job's own words reach the server");
  }

  @Test
  void c28AStatusThatMeansSomethingToBoincIsTold195() throws Exception {
    Job job = jobs.mounted("c28reserved", "exit 206").prepare();
    assertEquals(new EpisodeEnd.ComputeError(195), job.run().end());
    assertTrue(job.stderr().contains("206"), "the real status is in stderr.txt");
  }

  @Test
  void c29AJobThatNeedsMoreMemoryEndsWith198() throws Exception {
    Job job =
        jobs.mounted("c29", "tail /dev/zero").slot(slot -> slot.bounds(24 << 20, 1e9)).prepare();
    int status = EngineUnderTest.IT.tellsOfMemory() ? 198 : 193;
    assertEquals(new EpisodeEnd.ComputeError(status), job.run().end());
    assertTrue(job.stderr().contains("memory"), "the cause is in stderr.txt");
  }

  @Test
  void c48AWrongTypeInJobTomlIsToldByKeyAndEndsWith206() throws Exception {
    Job job = jobs.job("c48").toml("schema = 1\n[container]\nworkdir = 7\n").prepare();
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end());
    String stderr = job.stderr();
    assertTrue(stderr.contains("workdir"), "the key is named");
    assertTrue(stderr.contains("job.toml:3"), "the line is named");
  }

  @Test
  void c49WithoutJobTomlTheDefaultsHold() throws Exception {
    Job job =
        jobs.job("c49")
            .file(
                SimulatedFile.input(
                    "Dockerfile", "FROM busybox:stable\nCMD [\"sh\", \"/app/job.sh\"]\n"))
            .file(SimulatedFile.app("job.sh", "pwd >out\n").copied())
            .file(SimulatedFile.output("out").copied())
            .prepare();
    job.runToCompletion();
    assertEquals("/app\n", job.output("out"));
  }

  @Test
  void c63AFloodOfOutputLeavesRoomForTheSummary() throws Exception {
    String flood =
        """
        printf 'first words\\n'
        yes 'a line of the flood ]]> end of it' | head -c 10000000
        printf 'a\\000b\\nlast words\\n'
        exit 9
        """;
    Job job = jobs.mounted("c63", flood).prepare();
    assertEquals(new EpisodeEnd.ComputeError(9), job.run().end());
    byte[] whole = Files.readAllBytes(job.file("stderr.txt"));
    assertTrue(whole.length < 100_000, "stderr.txt has " + whole.length + " bytes");
    String text = new String(whole, StandardCharsets.UTF_8);
    assertFalse(text.contains("\0"), "a NUL ends what the server sees");
    assertFalse(text.contains("]]>"), "this ends what the server sees");
    assertTrue(text.contains("first words"), "the beginning is kept");
    assertTrue(text.contains("last words"), "the end is kept");
    assertTrue(job.stderr().contains("status 9"), "the summary is in what the server gets");
  }

  @Test
  void c63AFloodInEveryEpisodeDoesNotAddUp() throws Exception {
    Job job = jobs.mounted("c63episodes", "yes | head -c 3000000 >&2\n" + UNTIL_GO).prepare();
    for (int episode = 0; episode < 3; episode++) {
      job.start().await(ContainerState.RUNNING);
      job.client().quit();
      job.end();
    }
    assertTrue(Files.size(job.file("stderr.txt")) < 100_000);
    job.start().await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
    assertTrue(Files.size(job.file("stderr.txt")) < 100_000);
  }
}
