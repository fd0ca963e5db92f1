package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.boinc.Channel;
import org.boinc.dockerwrapper.boinc.SporadicFiles;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.Timeline;
import org.junit.jupiter.api.Test;

/** What the client hears of a running job. */
final class ReportConformanceIT extends JobTest {
  private static final Duration NEVER = Duration.ofHours(1);

  @Test
  void c5AnUnreadReportIsNotTouched() throws Exception {
    Job job = jobs.mounted("c5", UNTIL_GO).polling(NEVER).prepare();
    job.start();
    Channel reports = job.mailbox(Channel.Name.APP_STATUS);
    job.await(ContainerState.RUNNING);
    Await.until("the first report", Duration.ofSeconds(10), reports::isFull);
    reports.take();
    assertTrue(reports.send("the client has not read this yet"));
    Await.throughout("the report is unread", Duration.ofSeconds(3), reports::isFull);
    assertEquals("the client has not read this yet", reports.take().orElseThrow());
    Await.until("a fresh report", Duration.ofSeconds(2), reports::isFull);
    String fresh = reports.take().orElseThrow();
    assertTrue(fresh.contains("<current_cpu_time>"), fresh);
    job.go();
    job.endOfJob();
  }

  @Test
  void c6EveryReportHasBothCpuTimes() throws Exception {
    Job job = jobs.mounted("c6", "echo 0.5 >fraction_done\n" + UNTIL_GO).start();
    job.await(ContainerState.RUNNING);
    job.awaitReport("half", status -> status.fractionDone().equals(OptionalDouble.of(0.5)));
    job.go();
    job.endOfJob();
    List<String> messages =
        job.client().timeline().entries().stream()
            .filter(entry -> entry.kind() == Timeline.Kind.STATUS)
            .map(Timeline.Entry::text)
            .toList();
    for (String message : messages) {
      assertTrue(message.contains("<current_cpu_time>"), message);
      assertTrue(message.contains("<checkpoint_cpu_time>"), message);
    }
  }

  @Test
  void c7CpuTimeGoesOnFromWhatTheClientKnows() throws Exception {
    Job job =
        jobs.mounted("c7", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done\n" + UNTIL_GO)
            .slot(slot -> slot.cpuTime(1000))
            .start();
    job.awaitReport("work of this episode", status -> status.currentCpuTime() > 1000);
    job.go();
    assertMonotonicFrom(1000, job.endOfJob());
  }

  static void assertMonotonicFrom(double before, Episode episode) {
    double last = before;
    for (AppStatus report : episode.reports()) {
      assertTrue(
          report.currentCpuTime() >= last,
          "CPU time went back from %s to %s".formatted(last, report.currentCpuTime()));
      last = report.currentCpuTime();
    }
  }

  @Test
  void c50OnlyAGoodFractionIsReported() throws Exception {
    Job job = jobs.mounted("c50", UNTIL_GO).start();
    job.await(ContainerState.RUNNING);
    Path fraction = job.work("fraction_done");
    Files.writeString(fraction, "0.25\n");
    job.awaitReport("a quarter", status -> status.fractionDone().equals(OptionalDouble.of(0.25)));
    for (String bad : List.of("nan\n", "", "-inf", "one half", "0,5")) {
      Files.writeString(fraction, bad);
      Thread.sleep(Duration.ofMillis(2500)); // two readings, two reports
      assertEquals(
          OptionalDouble.of(0.25), job.client().status().orElseThrow().fractionDone(), bad);
    }
    Files.writeString(fraction, "0.75");
    job.awaitReport("more", status -> status.fractionDone().equals(OptionalDouble.of(0.75)));
    Files.writeString(fraction, "7");
    Thread.sleep(Duration.ofMillis(2500));
    double afterSeven = job.client().status().orElseThrow().fractionDone().orElseThrow();
    assertTrue(afterSeven == 0.75 || afterSeven == 1, "reported after 7: " + afterSeven);
    job.go();
    job.endOfJob();
  }

  @Test
  void progressIsReadFromTheOutput() throws Exception {
    Job job =
        jobs.mounted(
                "patterns",
                """
                [progress]
                patterns = ['step (\\d+)/(\\d+)', '(\\d+)% done']
                """,
                "echo chatter; echo step 1/4\n"
                    + "until [ -e /app/more ]; do sleep 0.1; done\n"
                    + "printf 'bar\\rnow 60%% done\\n' >&2\n"
                    + UNTIL_GO)
            .start();
    job.awaitReport("1 of 4", status -> status.fractionDone().equals(OptionalDouble.of(0.25)));
    Files.createFile(job.work("more"));
    job.awaitReport("60 %", status -> status.fractionDone().equals(OptionalDouble.of(0.6)));
    job.go();
    job.endOfJob();
  }

  @Test
  void c55TheClientsSporadicStateReachesTheJob() throws Exception {
    Job job = jobs.mounted("c55", UNTIL_GO).arguments("--sporadic").start();
    job.await(ContainerState.RUNNING);
    Path file = job.work(SporadicFiles.CLIENT_FILE);
    Await.until("the first state", Duration.ofSeconds(10), () -> Files.exists(file));
    job.client().sporadicState(3);
    Await.until("state 3", Duration.ofSeconds(2), () -> Files.readString(file).equals("3\n"));
    job.go();
    job.endOfJob();
  }

  @Test
  void c56TheLastOfTwoQuickSporadicStatesIsReported() throws Exception {
    Job job =
        jobs.mounted("c56", "echo 2 >ac; sleep 0.3; echo 1 >ac; sleep 0.3; echo 2 >ac\n" + UNTIL_GO)
            .arguments("--sporadic")
            .start();
    job.awaitReport("2", status -> status.sporadicState().equals(OptionalInt.of(2)));
    Thread.sleep(Duration.ofSeconds(3));
    assertEquals(OptionalInt.of(2), job.client().status().orElseThrow().sporadicState());
    Files.writeString(job.work("ac"), "1\n");
    job.awaitReport("1", status -> status.sporadicState().equals(OptionalInt.of(1)));
    job.go();
    job.endOfJob();
  }
}
