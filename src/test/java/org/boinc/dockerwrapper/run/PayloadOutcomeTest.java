package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.plan.ResourceLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadOutcomeTest {
  private static final ResourceLimits LIMITS =
      new ResourceLimits(1, 512L << 20, 0, 0, 10, Map.of(), 0, 15, Optional.empty());

  @Test
  void zeroIsSuccess() {
    assertEquals(new Outcome.Succeeded(), of(0, false));
  }

  @Test
  void aJobThatSurvivedTheDeathOfAChildSucceeded() {
    assertEquals(new Outcome.Succeeded(), of(0, true));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 126, 127, 128, 193, 255})
  void aStatusIsAFailureOfTheJob(int status) {
    Outcome.PayloadFailed failed = assertInstanceOf(Outcome.PayloadFailed.class, of(status, false));
    assertEquals(status, failed.status());
    assertTrue(failed.sentence().contains("status " + status));
  }

  @Test
  void aSignalIsNamedByItsNumber() {
    for (int signal : new int[] {1, 9, 11, 15, 64}) {
      Outcome.LimitHit hit = assertInstanceOf(Outcome.LimitHit.class, of(128 + signal, false));
      assertEquals(LimitKind.SIGNAL, hit.limit());
      assertTrue(hit.sentence().contains("signal " + signal + " "), hit.sentence());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 137})
  void c29OutOfMemoryNamesTheLimitAndWhereItCameFrom(int status) {
    Outcome.LimitHit hit = assertInstanceOf(Outcome.LimitHit.class, of(status, true));
    assertEquals(LimitKind.MEMORY, hit.limit());
    assertTrue(hit.sentence().contains("512 MiB"), hit.sentence());
    assertTrue(hit.sentence().contains("rsc_memory_bound"), hit.sentence());
  }

  private static Outcome of(int status, boolean outOfMemory) {
    return PayloadOutcome.of(new PayloadExit(status, outOfMemory), LIMITS);
  }
}
