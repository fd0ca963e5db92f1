package org.boinc.dockerwrapper.run;

import java.time.Duration;

/** How long a job has given no sign of life, by the time that its container ran. */
final class StallWatch {
  private final Duration limit;
  private double lastSign;
  private boolean sign = true;

  /**
   * @param limit zero: silence is no fault
   */
  StallWatch(Duration limit) {
    this.limit = limit;
  }

  boolean isOn() {
    return limit.isPositive();
  }

  /** It wrote something, or got on. */
  synchronized void sign() {
    sign = true;
  }

  /**
   * Whether the silence is too long.
   *
   * @param runSeconds that the container ran so far, pauses excluded
   */
  synchronized boolean stalled(double runSeconds) {
    if (sign) {
      sign = false;
      lastSign = runSeconds;
    }
    return isOn() && runSeconds - lastSign > limit.toSeconds();
  }
}
