package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The volunteer's limit of CPU time as a quota. */
class ThrottleTest {
  @ParameterizedTest
  @CsvSource({
    "0.75, 2, 1.5, 2000",
    "0.5, 1, 0.5, 2000",
    "0.25, 4, 1, 4000",
    "0.05, 1, 0.05, 20000"
  })
  void theQuotaKeepsTheLimitAndPulsesAreIgnored(
      double usage, double cpus, double quota, long pulseMillis) {
    Throttle throttle = new Throttle(usage);
    assertEquals(quota, throttle.quota(cpus), 1e-9);
    assertEquals(Duration.ofMillis(pulseMillis), throttle.pulse());
  }

  @Test
  void withoutALimitEverySuspendIsMeant() {
    assertEquals(2, new Throttle(1).quota(2));
    assertEquals(Duration.ZERO, new Throttle(1).pulse());
  }

  @Test
  void aPulseOfMinutesIsLeftToTheClient() {
    assertEquals(2, new Throttle(0.01).quota(2));
    assertEquals(Duration.ZERO, new Throttle(0.01).pulse());
  }
}
