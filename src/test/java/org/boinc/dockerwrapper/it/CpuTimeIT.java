package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.Episode;
import org.junit.jupiter.api.Test;

/** The CPU time that the client credits and uses to tell its own load from other programs'. */
final class CpuTimeIT extends JobTest {
  /** Two busy processes until the file exists, then what they and their parent used. */
  private static final String BUSY =
      """
      busy() { until [ -e /app/go ]; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; done; }
      busy & busy
      wait
      times >times
      """;

  private static final Pattern TIME = Pattern.compile("(\\d+)m([\\d.]+)s");

  /** What the shell says: user and system of itself, then of its children. */
  private static double used(Job job) throws Exception {
    double sum = 0;
    Matcher matcher = TIME.matcher(Files.readString(job.file("times")));
    while (matcher.find()) {
      sum += 60 * Double.parseDouble(matcher.group(1)) + Double.parseDouble(matcher.group(2));
    }
    return sum;
  }

  private static void assertNear(double reported, double used) {
    double allowed = Math.max(1, 0.02 * used);
    assertEquals(used, reported, allowed, "CPU seconds of a busy job");
  }

  @Test
  void cpuTimeIsTrueOverPauses() throws Exception {
    Job job = jobs.mounted("cpu", BUSY).slot(slot -> slot.ncpus(2)).start();
    job.awaitReport("work", status -> status.currentCpuTime() > 2);
    job.client().suspend();
    job.await(ContainerState.PAUSED);
    Thread.sleep(Duration.ofSeconds(2));
    double paused = job.client().status().orElseThrow().currentCpuTime();
    Thread.sleep(Duration.ofSeconds(4));
    assertEquals(paused, job.client().status().orElseThrow().currentCpuTime(), 0.3, "paused");
    job.client().resume();
    job.awaitReport("more work", status -> status.currentCpuTime() > paused + 2);
    job.go();
    Episode episode = job.endOfJob();
    ReportConformanceIT.assertMonotonicFrom(0, episode);
    assertNear(episode.reports().getLast().currentCpuTime(), used(job));
  }

  @Test
  void cpuTimeIsTrueOverEpisodes() throws Exception {
    Job job = jobs.mounted("cpukill", BUSY).slot(slot -> slot.ncpus(2)).start();
    job.awaitReport("work", status -> status.currentCpuTime() > 2);
    job.client().kill9();
    double first = job.end().reports().getLast().currentCpuTime();
    job.start();
    job.awaitReport("more work", status -> status.currentCpuTime() > first + 2);
    job.client().quit();
    Episode second = job.end();
    // After a kill the client itself begins again at the last checkpoint.
    ReportConformanceIT.assertMonotonicFrom(0, second);
    double quit = second.reports().getLast().currentCpuTime();
    job.start();
    job.awaitReport("even more work", status -> status.currentCpuTime() > quit + 1);
    job.go();
    Episode last = job.endOfJob();
    ReportConformanceIT.assertMonotonicFrom(quit, last);
    assertNear(last.reports().getLast().currentCpuTime(), used(job));
  }

  @Test
  void aShortJobsCpuTimeIsReportedWithItsEnd() throws Exception {
    Job job =
        jobs.mounted(
                "cpushort", "i=0; while [ $i -lt 700000 ]; do i=$((i+1)); done\ntimes >times\n")
            .start();
    Episode episode = job.endOfJob();
    double reported = episode.reports().getLast().currentCpuTime();
    assertNear(reported, used(job));
    assertTrue(reported > 0, "something was used");
  }
}
