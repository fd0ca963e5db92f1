package org.boinc.dockerwrapper.client;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.it.Await;
import org.boinc.dockerwrapper.it.HostProcesses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What the client makes of the CPU time that containers use; alone, as it looks at the machine. */
@Isolated
final class ClientThrottleIT extends ClientTest {
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  /** Busy on all cores until there is a file; a shell has no threads. */
  private static final String BURN =
      """
      burn() { until [ -e go ]; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; done; }
      for core in $(seq %d); do burn & done
      burn
      wait
      echo 42 >out
      """
          .formatted(CORES - 1);

  /** As often as the client measures, every 10 seconds. */
  private static final String MEASURED = "[mem_usage] non-BOINC CPU usage";

  private static final int MEASUREMENTS = 3;

  /** Of all cores together: more, and the client may well say that the CPU is busy. */
  private static final double BUSY = 0.15;

  private double cpuSeconds(ContainerSighting container) throws Exception {
    return host.engine()
        .engine()
        .containers()
        .usage(container.id(), container.pid())
        .orElseThrow()
        .cpuSeconds();
  }

  @Test
  void c66AThrottledJobIsPausedHalfOfTheTime() throws Exception {
    host.preference("cpu_usage_limit", 50).attach(AppVersion.ofTemplate(MOUNTED));
    Workunit job = host.submit(Workunit.of("throttle", BURN).output("out"));
    host.await(job, ContainerState.PAUSED);
    ContainerSighting container = host.await(job, ContainerState.RUNNING);
    double before = cpuSeconds(container);
    long start = System.nanoTime();
    int paused = 0;
    int looks = 0;
    while (System.nanoTime() - start < Duration.ofSeconds(20).toNanos()) {
      paused += host.containers(job).getFirst().state() == ContainerState.PAUSED ? 1 : 0;
      looks++;
      Thread.sleep(Duration.ofMillis(100));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double share = (double) paused / looks;
    assertTrue(share > 0.3 && share < 0.7, "paused for %.2f of %d looks".formatted(share, looks));
    double cpus = (cpuSeconds(container) - before) / seconds;
    // The job has one core; where other programs want it, it gets less.
    assertTrue(cpus < 0.7, "it used %.2f cores".formatted(cpus));
    assertFalse(host.client().log().contains("message timeout"));
    host.go(job);
    host.awaitValid(job);
  }

  @Test
  void c67TheClientDoesNotTakeOurContainerForAnotherProgram() throws Exception {
    host.preference("suspend_cpu_usage", 25).attach(AppVersion.ofTemplate(MOUNTED).ncpus(CORES));
    Workunit job = host.submit(Workunit.of("busy", BURN).output("out"));
    ContainerSighting container = host.await(job, ContainerState.RUNNING);
    Await.until(
        "every process of the container has nice 19",
        BoincClient.PATIENCE,
        () -> {
          List<Long> family = HostProcesses.family(container.pid());
          return family.size() >= CORES && HostProcesses.niceValues(family).equals(Set.of("19"));
        });
    double other = 0;
    for (int i = 0; i < MEASUREMENTS; i++) {
      other = Math.max(other, otherLoadUntilMeasured(container));
    }
    if (host.client().log().contains("Suspending computation - CPU is busy")) {
      String finding =
          "c67: other programs used %.0f %% of the CPUs, so it can't be judged here whether the client takes the container for one"
              .formatted(100 * other);
      assertTrue(other > BUSY, finding);
      System.out.println(finding);
      host.client().tell("--set_run_mode", "always");
    }
    host.go(job);
    host.awaitValid(job);
  }

  /** What all others use until the client measures again, of all cores together. */
  private double otherLoadUntilMeasured(ContainerSighting container) throws Exception {
    long measured = measurements();
    long start = System.nanoTime();
    double others = busySeconds() - cpuSeconds(container);
    Await.until("the client measures again", BoincClient.PATIENCE, () -> measurements() > measured);
    double seconds = (System.nanoTime() - start) / 1e9;
    return (busySeconds() - cpuSeconds(container) - others) / seconds / CORES;
  }

  private long measurements() throws IOException {
    return host.client().log().lines().filter(line -> line.contains(MEASURED)).count();
  }

  /** Of all cores since the boot, without idle and waiting for disks (proc(5), /proc/stat). */
  private static double busySeconds() throws IOException {
    String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +", -1);
    long ticks = 0;
    for (int field : List.of(1, 2, 3, 6, 7)) {
      ticks += Long.parseLong(fields[field]);
    }
    return ticks / 100.0;
  }
}
