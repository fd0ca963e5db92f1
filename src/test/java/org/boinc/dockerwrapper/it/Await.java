package org.boinc.dockerwrapper.it;

import java.time.Duration;
import java.util.Optional;

/** Bounded waiting for other processes: the wrapper, the engine, the container. */
public final class Await {
  private static final Duration PERIOD = Duration.ofMillis(50);

  private Await() {}

  /** Looks for something that may not be there yet. */
  @FunctionalInterface
  public interface Probe<T> {
    Optional<T> look() throws Exception;
  }

  /** Looks whether something holds. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  /** The value as soon as it is there. */
  public static <T> T value(String what, Duration patience, Probe<T> probe) throws Exception {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<T> found = probe.look();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within %s: %s".formatted(patience, what));
      }
      Thread.sleep(PERIOD);
    }
  }

  /** Returns as soon as the condition holds, and says how long that took. */
  public static Duration until(String what, Duration patience, Condition condition)
      throws Exception {
    long start = System.nanoTime();
    value(what, patience, () -> condition.holds() ? Optional.of(true) : Optional.empty());
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Fails as soon as the condition does not hold. */
  public static void throughout(String what, Duration time, Condition condition) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      if (!condition.holds()) {
        throw new AssertionError("does not hold for %s: %s".formatted(time, what));
      }
      Thread.sleep(PERIOD);
    }
  }
}
