package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.Optional;

/**
 * What the wrapper of the {@link ModelWorld} asks what to do: the real machine, or one with a
 * fault.
 */
interface Decider {
  /** How an episode begins. */
  Next start(Optional<Outcome> decided, Optional<Outcome.LimitHit> limit, Duration now);

  /** How it goes on. */
  Next next(JobState state, RunEvent event, Duration now);

  /** Whether the journal is written before anything is done. */
  default boolean writesFirst() {
    return true;
  }

  /** As in the product. */
  final class Real implements Decider {
    @Override
    public Next start(Optional<Outcome> decided, Optional<Outcome.LimitHit> limit, Duration now) {
      return decided
          .map(outcome -> JobMachine.repeat(outcome, now))
          .or(() -> limit.map(JobMachine::goOnStopping))
          .orElseGet(JobMachine::start);
    }

    @Override
    public Next next(JobState state, RunEvent event, Duration now) {
      return JobMachine.next(state, event, now);
    }
  }
}
