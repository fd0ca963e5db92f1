package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.junit.jupiter.api.Test;

/** The volunteer's limit of CPU time as a quota: {@code resources.throttle = "smooth"}. */
final class ThrottleIT extends JobTest {
  /** Nanoseconds; a pulse of the client's throttle at half of the CPU time lasts as long. */
  private static final long SECOND = 1_000_000_000;

  private static final String HALF = "<cpu_usage_limit>50.000000</cpu_usage_limit>";
  private static final String QUARTER = "<cpu_usage_limit>25.000000</cpu_usage_limit>";

  private Job smooth() throws Exception {
    return jobs.mounted("smooth", "[resources]\nthrottle = \"smooth\"\n", UNTIL_GO)
        .slot(slot -> slot.ncpus(1).initData(xml -> xml.set("global_preferences", HALF)))
        .start();
  }

  private long nanoCpus(Job job) throws Exception {
    return InspectedContainer.of(jobs.engine(), job.container().id())
        .at("/HostConfig/NanoCpus")
        .longValue();
  }

  @Test
  void theClientsPulsesAreNotObeyedAndARealSuspendIs() throws Exception {
    Job job = smooth();
    job.await(ContainerState.RUNNING);
    if (!EngineUnderTest.IT.holdsLimits()) {
      job.awaitStderr(EngineUnderTest.NO_LIMITS);
      Await.until("a pulse that is obeyed", Job.PATIENCE, () -> pulse(job) == Pulse.OBEYED);
      job.go();
      job.endOfJob();
      return;
    }
    assertEquals(500_000_000, nanoCpus(job));
    // The quota is set beside the job once that runs; until then pulses are obeyed.
    Await.until("a pulse that is not obeyed", Job.PATIENCE, () -> pulse(job) == Pulse.IGNORED);
    int ignored = 1;
    for (int tries = 0; ignored < 4; tries++) {
      assertTrue(tries < 20, "this machine is too busy to pulse");
      Pulse pulse = pulse(job);
      assertNotEquals(Pulse.OBEYED, pulse);
      ignored += pulse == Pulse.IGNORED ? 1 : 0;
    }
    job.client().suspend();
    job.await(ContainerState.PAUSED, Duration.ofSeconds(8));
    job.client().resume();
    job.await(ContainerState.RUNNING, Duration.ofSeconds(5));
    job.go();
    job.endOfJob();
  }

  /** What became of one pulse. */
  private enum Pulse {
    IGNORED,
    OBEYED,
    /** The test itself was late, and a suspend that lasts is meant. */
    TOO_LONG
  }

  private static Pulse pulse(Job job) throws Exception {
    long start = System.nanoTime();
    job.client().suspend();
    boolean ran = true;
    while (System.nanoTime() - start < SECOND) {
      ran &= job.container().state() == ContainerState.RUNNING;
      Thread.sleep(Duration.ofMillis(50));
    }
    job.client().resume();
    boolean inTime = System.nanoTime() - start < SECOND * 3 / 2;
    job.await(ContainerState.RUNNING);
    Thread.sleep(Duration.ofSeconds(1));
    return ran ? Pulse.IGNORED : inTime ? Pulse.OBEYED : Pulse.TOO_LONG;
  }

  @Test
  void newPreferencesChangeTheQuotaOfARunningJob() throws Exception {
    Job job = smooth();
    job.await(ContainerState.RUNNING);
    job.slot().initData().set("global_preferences", QUARTER);
    job.client().rereadAppInfo();
    if (!EngineUnderTest.IT.holdsLimits()) {
      job.awaitStderr("the CPU limit stays as it is, in the client's pulses");
      job.go();
      job.endOfJob();
      return;
    }
    if (EngineUnderTest.IT.changesQuota()) {
      Await.until(
          "the quota is a quarter", Duration.ofSeconds(10), () -> nanoCpus(job) == 250_000_000);
    } else {
      job.awaitStderr("the CPU limit stays as it is, in the client's pulses");
      assertEquals(500_000_000, nanoCpus(job));
      job.client().suspend();
      job.await(ContainerState.PAUSED, Duration.ofSeconds(2));
      job.client().resume();
    }
    job.client().quit();
    job.end();
    job.slot().initData().set("global_preferences", HALF);
    job.slot().rewriteInitData();
    job.start();
    Await.until(
        "the next episode's quota is its own",
        Duration.ofSeconds(20),
        () -> nanoCpus(job) == 500_000_000);
    job.go();
    job.endOfJob();
  }
}
