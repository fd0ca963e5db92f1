package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.Optional;

/**
 * What has gone wrong with the engine and is not mended yet: one that stays away and one that
 * answers but fails at the same step again and again both put the job off, each in its own time.
 *
 * @param lost when it stopped to answer; empty: it answers
 * @param step that failed last, other than LOOK; empty: none, or it succeeded since
 * @param failures of that kind in a row
 */
record Trouble(Optional<Duration> lost, Optional<Step> step, int failures) {
  static final Trouble NONE = new Trouble(Optional.empty(), Optional.empty(), 0);

  /** How long an engine may be away while a container lives, as when it is upgraded. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  /** So often a step is tried while the engine answers every look in between. */
  static final int TRIES = 10;

  /** A step failed; that of a look alone says no more than that the engine is away. */
  Trouble failed(Step failed, Duration now) {
    Optional<Duration> since = lost.or(() -> Optional.of(now));
    return failed == Step.LOOK
        ? new Trouble(since, step, failures)
        : new Trouble(since, Optional.of(failed), failures + 1);
  }

  /** The engine answered a look. */
  Trouble answered() {
    return new Trouble(Optional.empty(), step, failures);
  }

  /** A step succeeded: what failed before is mended if it was that step or an earlier one. */
  Trouble done(Step done) {
    return step.filter(failed -> failed.compareTo(done) > 0).isPresent() ? answered() : NONE;
  }

  /** Whether an engine that is away has been so for too long. */
  boolean lasts(Duration now) {
    return lost.filter(since -> now.minus(since).compareTo(PATIENCE) > 0).isPresent();
  }

  /** Whether a step has failed too often. */
  boolean repeats() {
    return failures >= TRIES;
  }
}
