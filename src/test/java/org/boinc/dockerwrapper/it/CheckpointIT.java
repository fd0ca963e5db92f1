package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/** Checkpoints that the job makes itself: told, asked for, and gone on from. */
final class CheckpointIT extends JobTest {
  private static final String BY_FILE = "[checkpoint]\nfile = \"state\"\n";
  private static final String BY_SIGNAL = BY_FILE + "signal = \"USR1\"\n";

  private static final String WORK = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done\n";

  /** Counts until it may end, from where its last checkpoint left it. */
  private static final String COUNTER =
      """
      trap 'echo $n >state.new; mv state.new state' USR1
      n=$(cat state 2>/dev/null || echo 0)
      echo $n >>begins
      until [ -e /app/go ]; do n=$((n+1)); echo $n >now; sleep 0.1; done
      echo $n >out
      """;

  @Test
  void theClientIsToldOfACheckpointExactlyWhenTheJobMadeOne() throws Exception {
    Job job =
        jobs.mounted(
                "told",
                BY_FILE,
                WORK + "until [ -e /app/save ]; do sleep 0.1; done\necho 1 >state\n" + UNTIL_GO)
            .start();
    AppStatus before = job.awaitReport("work", status -> status.currentCpuTime() > 0.05);
    assertEquals(0, before.checkpointCpuTime());
    Files.createFile(job.work("save"));
    AppStatus told = job.awaitReport("a checkpoint", status -> status.checkpointCpuTime() > 0);
    assertTrue(told.checkpointCpuTime() <= told.currentCpuTime(), told::toString);
    Thread.sleep(Duration.ofSeconds(3));
    job.go();
    Episode episode = job.endOfJob();
    assertEquals(
        List.of(0.0, told.checkpointCpuTime()),
        episode.reports().stream().map(AppStatus::checkpointCpuTime).distinct().toList(),
        "one change for one checkpoint");
  }

  @Test
  void aCommandIsRunEveryPeriodAndItsSuccessIsACheckpoint() throws Exception {
    Job job =
        jobs.mounted(
                "asked",
                "[checkpoint]\ncommand = [\"/bin/sh\", \"-c\", \"echo asked >>/app/requests\"]\n",
                "while ! [ -e /app/go ]; do " + WORK + "done\n")
            .prepare();
    job.slot().initData().set("checkpoint_period", 1.0);
    job.start();
    AppStatus first = job.awaitReport("a checkpoint", status -> status.checkpointCpuTime() > 0);
    job.awaitReport(
        "another one", status -> status.checkpointCpuTime() > first.checkpointCpuTime());
    job.go();
    job.endOfJob();
    assertTrue(Files.readAllLines(job.file("requests")).size() >= 2);
  }

  @Test
  void aCommandThatFailsIsNoCheckpointAndNoFailureOfTheJob() throws Exception {
    Job job =
        jobs.mounted(
                "vain",
                "[checkpoint]\ncommand = [\"/bin/sh\", \"-c\", \"echo no disk; exit 3\"]\n",
                WORK + UNTIL_GO)
            .prepare();
    job.slot().initData().set("checkpoint_period", 1.0);
    job.start();
    job.awaitStderr("checkpoint.command ended with status 3 and made no checkpoint: no disk");
    Thread.sleep(Duration.ofSeconds(2));
    job.go();
    Episode episode = job.endOfJob();
    assertTrue(episode.reports().stream().allMatch(status -> status.checkpointCpuTime() == 0));
    assertEquals(1, job.stderr().split("made no checkpoint", -1).length - 1, "it is said once");
  }

  @Test
  void aQuitFreesTheMemoryAndTheJobGoesOnFromItsCheckpoint() throws Exception {
    Job job = counting("freed", BY_SIGNAL).start();
    awaitCount(job, 5);
    job.client().quit();
    assertTrue(job.end().end().restarts());
    assertParked(job);
    int saved = number(job.work("state"));
    assertTrue(saved >= 5, "saved: " + saved);

    Files.delete(job.work("now"));
    job.start();
    awaitCount(job, saved + 2);
    assertTrue(job.stderr().contains("the container was ended by a quit"));
    job.go();
    job.endOfJob();
    assertEquals(List.of("0", "" + saved), Files.readAllLines(job.file("begins")));
  }

  @Test
  void aQuitFreesTheMemoryOfASuspendedJobToo() throws Exception {
    Job job = counting("frozen", BY_SIGNAL).start();
    awaitCount(job, 5);
    job.client().suspend();
    job.await(ContainerState.PAUSED);
    job.client().quit();
    job.end();
    assertParked(job);
    assertTrue(number(job.work("state")) >= 5);
    Files.delete(job.work("now"));
    job.start();
    awaitCount(job, number(job.work("state")) + 2);
    job.go();
    job.endOfJob();
  }

  @Test
  void aJobThatCanNotBeAskedGoesOnFromTheCheckpointThatThereIs() throws Exception {
    Job job = counting("passive", BY_FILE).start();
    // What is there at the wrapper's first look is no news.
    job.awaitReport("work", status -> status.currentCpuTime() > 0);
    awaitCount(job, 3);
    Files.writeString(job.work("state"), "2\n");
    job.awaitReport("the checkpoint", status -> status.checkpointCpuTime() > 0);
    job.client().suspend();
    job.await(ContainerState.PAUSED);
    job.client().quit();
    job.end();
    assertParked(job);
    assertTrue(job.stderr().contains("since its last checkpoint will be done again"));
    Files.delete(job.work("now"));
    job.start();
    awaitCount(job, 4);
    job.go();
    job.endOfJob();
    assertEquals(List.of("0", "2"), Files.readAllLines(job.file("begins")));
  }

  @Test
  void whoLeavesJobsInMemoryFindsThemThere() throws Exception {
    Job job = counting("kept", BY_SIGNAL).prepare();
    job.slot()
        .initData()
        .set("global_preferences", "\n<leave_apps_in_memory>1</leave_apps_in_memory>\n");
    job.start();
    awaitCount(job, 3);
    job.client().quit();
    job.end();
    assertEquals(ContainerState.PAUSED, job.container().state());
    assertFalse(Files.exists(job.work("state")), "nobody asked for a checkpoint");
    job.start();
    job.await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
  }

  @Test
  void aJobThatComesToItsEndInsteadOfACheckpointIsNotRunAgain() throws Exception {
    Job job =
        jobs.mounted(
                "ended",
                BY_SIGNAL,
                "trap 'echo done >out; exit 0' USR1\necho begun >>begins\n" + ENDLESS)
            .file(SimulatedFile.output("out"))
            .start();
    job.await(ContainerState.RUNNING);
    Await.until("it has begun", Job.PATIENCE, () -> Files.exists(job.work("begins")));
    job.client().quit();
    assertTrue(job.end().end().restarts());
    job.runToCompletion();
    assertEquals("done\n", job.output("out"));
    assertEquals(List.of("begun"), Files.readAllLines(job.file("begins")));
  }

  @Test
  void c34AfterARebootCpuTimeGoesBackToTheCheckpoint() throws Exception {
    Job job =
        jobs.mounted(
                "reboot", BY_FILE, "sleep 2\n" + WORK + "echo 1 >state\n" + WORK + WORK + UNTIL_GO)
            .start();
    double covered =
        job.awaitReport("a checkpoint", status -> status.checkpointCpuTime() > 0)
            .checkpointCpuTime();
    job.client().kill9();
    double reached = job.end().reports().getLast().currentCpuTime();
    job.reboot();
    job.start();
    job.await(ContainerState.RUNNING);
    job.awaitReport("the second episode", _ -> true);
    job.go();
    Episode last = job.endOfJob();
    assertEquals(covered, last.reports().getFirst().checkpointCpuTime());
    assertTrue(
        last.reports().getFirst().currentCpuTime() <= Math.max(covered, reached),
        "it does not count twice what is done again");
  }

  private Job.Builder counting(String name, String checkpoint) {
    return jobs.mounted(name, checkpoint, COUNTER).file(SimulatedFile.output("out"));
  }

  private static void awaitCount(Job job, int least) throws Exception {
    Await.until("it counts to " + least, Job.PATIENCE, () -> number(job.work("now")) >= least);
  }

  /** 0 where there is none, or it is just being written. */
  private static int number(Path file) throws Exception {
    String text = Files.exists(file) ? Files.readString(file).strip() : "";
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  private static void assertParked(Job job) throws Exception {
    ContainerSighting container = job.container();
    assertEquals(ContainerState.EXITED, container.state());
    assertEquals(137, container.exitCode());
  }
}
