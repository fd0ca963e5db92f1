package org.boinc.dockerwrapper.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.it.Await;
import org.junit.jupiter.api.Test;

/** Many jobs, and nothing of them is left: the installation looks for it after each test. */
final class ManyJobsIT extends ClientTest {

  @Test
  void tenJobsInARowAreValid() throws Exception {
    host.option("ncpus", 1)
        .attach(
            AppVersion.ofTemplate("app-version-copy").with("Dockerfile", "FROM busybox:stable\n"));
    List<Workunit> jobs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      jobs.add(
          host.submit(
              Workunit.of("row" + i, "cat /work/in >/work/out\n")
                  .input("in", "input " + i)
                  .output("out")));
    }
    for (Workunit job : jobs) {
      host.awaitValid(job);
      assertEquals("input " + job.name().substring(3), host.output(job));
    }
  }

  @Test
  void eightJobsFourAtATimeAreValid() throws Exception {
    host.option("ncpus", 4).attach(AppVersion.ofTemplate(MOUNTED));
    List<Workunit> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      waiting.add(
          host.submit(
              Workunit.of("four" + i, UNTIL_GO + "cat in >out\n")
                  .input("in", "input " + i)
                  .output("out")));
    }
    List<Workunit> jobs = List.copyOf(waiting);
    Await.until(
        "four jobs run at the same time", BoincClient.PATIENCE, () -> running(waiting).size() == 4);
    while (!waiting.isEmpty()) {
      Workunit next =
          Await.value(
                  "one of them runs",
                  BoincClient.PATIENCE,
                  () -> Optional.of(running(waiting)).filter(found -> !found.isEmpty()))
              .getFirst();
      host.go(next);
      waiting.remove(next);
    }
    for (Workunit job : jobs) {
      host.awaitValid(job);
      assertEquals("input " + job.name().substring(4), host.output(job));
    }
  }

  private List<Workunit> running(List<Workunit> jobs) throws Exception {
    List<Workunit> running = new ArrayList<>();
    for (Workunit job : jobs) {
      if (host.containers(job).stream()
          .anyMatch(container -> container.state() == ContainerState.RUNNING)) {
        running.add(job);
      }
    }
    return running;
  }
}
