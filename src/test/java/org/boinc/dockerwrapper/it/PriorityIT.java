package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.junit.jupiter.api.Test;

/** The job's processes have the priority that the client gives its own applications. */
final class PriorityIT extends JobTest {
  private static final String FAMILY =
      """
      sleep 1000 &
      until [ -e /app/more ]; do sleep 0.1; done
      sh -c 'sleep 1000; true' &
      until [ -e /app/go ]; do sleep 0.1; done
      kill %1 %2
      """;

  private static List<Long> family(Job job) throws Exception {
    return HostProcesses.family(job.container().pid());
  }

  @Test
  void processesThatRunAndThoseStartedLaterAreNice() throws Exception {
    Job job = jobs.mounted("nice", FAMILY).start();
    job.await(ContainerState.RUNNING);
    Await.until(
        "the shell and its child have nice 19",
        Job.PATIENCE,
        () ->
            family(job).size() >= 2 && HostProcesses.niceValues(family(job)).equals(Set.of("19")));
    Files.createFile(job.work("more"));
    Await.until("there are more", Job.PATIENCE, () -> family(job).size() >= 4);
    assertEquals(Set.of("19"), HostProcesses.niceValues(family(job)));
    job.go();
    job.endOfJob();
  }

  @Test
  void aVolunteerWhoForbidsItHasPrioritiesLeftAlone() throws Exception {
    Job job =
        jobs.mounted("notnice", UNTIL_GO)
            .slot(slot -> slot.initData(xml -> xml.set("no_priority_change", 1)))
            .start();
    job.await(ContainerState.RUNNING);
    long engine =
        ProcessHandle.of(job.container().pid()).orElseThrow().parent().orElseThrow().pid();
    Set<String> before = HostProcesses.niceValues(List.of(engine));
    job.awaitReport("that the job is looked at", status -> status.workingSet().isPresent());
    Await.throughout(
        "the container's priority is its engine's",
        Duration.ofSeconds(3),
        () -> HostProcesses.niceValues(family(job)).equals(before));
    job.go();
    job.endOfJob();
  }
}
