package org.boinc.dockerwrapper.engine;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which part of a container's output is wanted.
 *
 * @param since of whole seconds, so lines of its first second may come again
 * @param tail this many last lines, before those that are still to come
 */
public record LogRange(Optional<Instant> since, OptionalInt tail) {
  /** Everything. */
  public static final LogRange ALL = new LogRange(Optional.empty(), OptionalInt.empty());

  /** What is still to come. */
  public static final LogRange NEW = last(0);

  /** The last lines, and what is still to come. */
  public static LogRange last(int lines) {
    return new LogRange(Optional.empty(), OptionalInt.of(lines));
  }

  /** From a moment on. */
  public static LogRange since(Instant moment) {
    return new LogRange(Optional.of(moment), OptionalInt.empty());
  }
}
