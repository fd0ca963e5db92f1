package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a job may be silent. */
class StallWatchTest {
  private final StallWatch stall = new StallWatch(Duration.ofSeconds(10));

  @Test
  void silenceLongerThanTheLimitIsAStall() {
    assertFalse(stall.stalled(100), "silence counts from when it is watched");
    assertFalse(stall.stalled(110));
    assertTrue(stall.stalled(110.5));
  }

  @Test
  void everySignStartsAnew() {
    assertFalse(stall.stalled(0));
    stall.sign();
    assertFalse(stall.stalled(9));
    assertFalse(stall.stalled(19));
    assertTrue(stall.stalled(19.5));
    stall.sign();
    assertFalse(stall.stalled(20));
  }

  @Test
  void withoutALimitSilenceIsNoFault() {
    StallWatch off = new StallWatch(Duration.ZERO);
    assertFalse(off.isOn());
    assertFalse(off.stalled(0));
    assertFalse(off.stalled(1e9));
  }
}
