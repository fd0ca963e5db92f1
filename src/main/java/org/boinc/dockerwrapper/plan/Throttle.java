package org.boinc.dockerwrapper.plan;

import java.time.Duration;

/**
 * The volunteer's limit of CPU time as a steady quota, in place of the client's pulses of suspend
 * and resume.
 *
 * @param usage the limit, as a fraction of full use: above 0, at most 1
 */
public record Throttle(double usage) {
  /** Below this a pulse is too long to tell it from a suspend that is meant. */
  private static final double LEAST_SMOOTH = 0.05;

  /** The client's messages come a second at a time. */
  private static final Duration MESSAGE_DELAY = Duration.ofSeconds(1);

  /** How many cores it leaves of so many. */
  public double quota(double cpus) {
    return isOn() ? cpus * usage : cpus;
  }

  /**
   * A suspend that lasts no longer than this is a pulse of the client's throttle and is not obeyed;
   * zero: every one is. The client suspends for one second, or computes for one where the limit is
   * below a half (BOINC client/app.cpp, throttler).
   */
  public Duration pulse() {
    if (!isOn()) {
      return Duration.ZERO;
    }
    double seconds = usage > 0.5 ? 1 : (1 - usage) / usage;
    return Duration.ofMillis(Math.round(seconds * 1000)).plus(MESSAGE_DELAY);
  }

  private boolean isOn() {
    return usage >= LEAST_SMOOTH && usage < 1;
  }
}
