package org.boinc.dockerwrapper.engine;

/** Points of {@link System#nanoTime}. */
final class Deadline {
  private Deadline() {}

  /** What is left, at least one millisecond: zero would mean for ever. */
  static long millisUntil(long nanoTime) {
    return Math.max(1, (nanoTime - System.nanoTime()) / 1_000_000);
  }
}
