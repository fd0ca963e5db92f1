package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.Optional;
import org.boinc.dockerwrapper.run.JobState.Collecting;
import org.boinc.dockerwrapper.run.JobState.Ended;
import org.boinc.dockerwrapper.run.JobState.Leaving;
import org.boinc.dockerwrapper.run.JobState.Stopping;

/** The container has ended or is to end, or the episode is. */
final class EndingRules {
  private EndingRules() {}

  static Next collect(Optional<Outcome.LimitHit> limit, Wishes wishes, Trouble trouble) {
    return Next.then(
        new Collecting(limit, wishes, Duration.ZERO, trouble), new Action.Do(Step.COPY_OUT));
  }

  static Next remove(Outcome outcome, Duration deadline) {
    return Next.then(
        new Leaving(outcome, false, Step.REMOVE, Duration.ZERO, deadline),
        new Action.Do(Step.REMOVE));
  }

  /** The job goes on another time: freeze the container where it is. */
  static Next leave(Outcome outcome, boolean inProgress, Step first, Duration now) {
    Duration deadline = now.plus(JobMachine.QUIT_PATIENCE);
    return inProgress
        ? Next.then(
            new Leaving(outcome, true, Step.LOOK, Duration.ZERO, deadline), new Action.Cancel())
        : Next.then(
            new Leaving(outcome, false, first, Duration.ZERO, deadline), new Action.Do(first));
  }

  /** The job goes on another time, from a checkpoint. */
  static Next park(Outcome outcome, Duration now) {
    return Next.then(
        new Leaving(outcome, false, Step.PARK, Duration.ZERO, now.plus(JobMachine.PARK_PATIENCE)),
        new Action.Do(Step.PARK));
  }

  /** A container of an earlier episode may run, and only the engine can tell. */
  static Next leaveWhenFound(Outcome outcome, Duration now) {
    return Next.stay(
        new Leaving(
            outcome, false, Step.ENGINE, Duration.ZERO, now.plus(JobMachine.QUIT_PATIENCE)));
  }

  /**
   * The job is thrown away.
   *
   * @param first SHUTDOWN where the container runs, else REMOVE
   */
  static Next abort(boolean engineKnown, boolean inProgress, Step first, Duration now) {
    Outcome aborted = new Outcome.Aborted();
    Duration deadline =
        now.plus(first == Step.SHUTDOWN ? JobMachine.SHUTDOWN_PATIENCE : JobMachine.ABORT_PATIENCE);
    if (inProgress && engineKnown) {
      return Next.then(
          new Leaving(aborted, true, first, Duration.ZERO, deadline), new Action.Cancel());
    }
    if (inProgress) {
      // Still on the way to the engine: without it nothing can be removed.
      return Next.stay(new Leaving(aborted, false, Step.ENGINE, Duration.ZERO, deadline));
    }
    return Next.then(
        new Leaving(aborted, false, first, Duration.ZERO, deadline), new Action.Do(first));
  }

  static Next next(Stopping state, RunEvent event, Duration now) {
    Optional<Outcome> leaving = JobMachine.reasonToLeave(event);
    if (leaving.isPresent()) {
      return leaving.get() instanceof Outcome.Aborted
          ? abort(true, state.retryAt().isZero(), Step.REMOVE, now)
          : Next.then(new Ended(leaving.get()), new Action.Cancel());
    }
    Wishes wishes = JobMachine.heard(state.wishes(), event, now);
    return switch (event) {
      case RunEvent.Done(Step _) -> collect(Optional.of(state.limit()), wishes, Trouble.NONE);
      case RunEvent.Failed(Step step, Failure failure) -> failed(state, step, failure, wishes, now);
      case RunEvent.Sighted(Sighting sighting) ->
          afterLimit(state.limit(), sighting, wishes, now, state.trouble().answered());
      case RunEvent.Tick() -> tick(state, now);
      case RunEvent.Asked _,
          RunEvent.ClientGone _,
          RunEvent.Terminated _,
          RunEvent.NetworkNews _,
          RunEvent.EndOnQuit _,
          RunEvent.Collected _,
          RunEvent.WatchEnded _,
          RunEvent.OverLimit _ ->
          Next.stay(new Stopping(state.limit(), wishes, state.retryAt(), state.trouble()));
    };
  }

  static Next stop(Outcome.LimitHit limit, Wishes wishes, Trouble trouble) {
    return Next.then(
        new Stopping(limit, wishes, Duration.ZERO, trouble), new Action.Do(limit.limit().ending()));
  }

  /** The container may have ended before it was stopped, and then can't be. */
  private static Next failed(
      Stopping state, Step step, Failure failure, Wishes wishes, Duration now) {
    Trouble trouble = state.trouble().failed(step, now);
    return JobMachine.tryLater(
        trouble,
        failure.sentence(),
        new Stopping(state.limit(), wishes, now.plus(JobMachine.RETRY), trouble));
  }

  private static Next tick(Stopping state, Duration now) {
    return state.retryAt().isZero()
        ? Next.stay(state)
        : JobMachine.lookAgain(
            state,
            state.retryAt(),
            state.trouble(),
            now,
            new Stopping(state.limit(), state.wishes(), Duration.ZERO, state.trouble()));
  }

  /** The limit has decided how the job ends: whatever was found, nothing is started again. */
  static Next afterLimit(
      Outcome.LimitHit limit, Sighting sighting, Wishes wishes, Duration now, Trouble trouble) {
    return switch (sighting) {
      case Sighting.Running _, Sighting.Paused _ -> stop(limit, wishes, trouble);
      case Sighting.Exited _, Sighting.Killed _ -> collect(Optional.of(limit), wishes, trouble);
      case Sighting.Absent(), Sighting.Created() ->
          remove(limit, now.plus(JobMachine.REMOVE_PATIENCE));
    };
  }

  static Next next(Collecting state, RunEvent event, Duration now) {
    Optional<Outcome> leaving = JobMachine.reasonToLeave(event);
    if (leaving.isPresent()) {
      // Nothing of the container is touched, so the next episode collects again.
      return leaving.get() instanceof Outcome.Aborted
          ? abort(true, state.retryAt().isZero(), Step.REMOVE, now)
          : leaveCollecting(state, leaving.get(), now);
    }
    Wishes wishes = JobMachine.heard(state.wishes(), event, now);
    return switch (event) {
      case RunEvent.Collected(Outcome outcome) ->
          remove(
              state.limit().map(Outcome.class::cast).orElse(outcome),
              now.plus(JobMachine.REMOVE_PATIENCE));
      case RunEvent.Sighted(Sighting sighting) ->
          state.limit().isPresent()
              ? afterLimit(state.limit().get(), sighting, wishes, now, state.trouble().answered())
              : JobMachine.adopt(sighting, wishes, state.trouble().answered());
      case RunEvent.Failed(Step step, Failure failure) -> failed(state, step, failure, wishes, now);
      case RunEvent.Tick() -> tick(state, now);
      case RunEvent.Asked _,
          RunEvent.ClientGone _,
          RunEvent.Terminated _,
          RunEvent.NetworkNews _,
          RunEvent.EndOnQuit _,
          RunEvent.Done _,
          RunEvent.WatchEnded _,
          RunEvent.OverLimit _ ->
          Next.stay(new Collecting(state.limit(), wishes, state.retryAt(), state.trouble()));
    };
  }

  private static Next leaveCollecting(Collecting state, Outcome outcome, Duration now) {
    return state.retryAt().isZero()
        ? leave(outcome, true, Step.LOOK, now)
        : JobMachine.end(outcome);
  }

  private static Next failed(
      Collecting state, Step step, Failure failure, Wishes wishes, Duration now) {
    return switch (failure) {
      case Failure.EngineAway(String sentence) -> later(state, step, sentence, wishes, now);
      case Failure.Surprise(String sentence) -> later(state, step, sentence, wishes, now);
      case Failure.Host(String sentence, Duration delay) ->
          JobMachine.end(new Outcome.HostNotReady(sentence, delay));
      case Failure.Bug(String sentence) -> JobMachine.end(new Outcome.Bug(sentence));
      case Failure.Job(String sentence) ->
          remove(
              new Outcome.JobRejected(java.util.List.of(sentence)),
              now.plus(JobMachine.REMOVE_PATIENCE));
      case Failure.Consent(String sentence) ->
          remove(new Outcome.ConsentMissing(sentence), now.plus(JobMachine.REMOVE_PATIENCE));
      case Failure.Device(String sentence) ->
          remove(new Outcome.DeviceMissing(sentence), now.plus(JobMachine.REMOVE_PATIENCE));
      case Failure.Limit(LimitKind limit, String sentence) ->
          remove(new Outcome.LimitHit(limit, sentence), now.plus(JobMachine.REMOVE_PATIENCE));
      case Failure.Cancelled(), Failure.NetworkNeeded() ->
          later(state, step, failure.sentence(), wishes, now);
    };
  }

  private static Next later(
      Collecting state, Step step, String sentence, Wishes wishes, Duration now) {
    Trouble trouble = state.trouble().failed(step, now);
    return JobMachine.tryLater(
        trouble,
        sentence,
        new Collecting(state.limit(), wishes, now.plus(JobMachine.RETRY), trouble));
  }

  private static Next tick(Collecting state, Duration now) {
    return state.retryAt().isZero()
        ? Next.stay(state)
        : JobMachine.lookAgain(
            state,
            state.retryAt(),
            state.trouble(),
            now,
            new Collecting(state.limit(), state.wishes(), Duration.ZERO, state.trouble()));
  }

  static Next next(Leaving state, RunEvent event, Duration now) {
    return switch (event) {
      case RunEvent.Tick() -> tick(state, now);
      case RunEvent.Done(Step step) -> state.busy() ? first(state) : done(state, step, now);
      case RunEvent.Failed(Step step, Failure failure) ->
          state.busy() ? first(state) : failed(state, step, failure, now);
      case RunEvent.Sighted(Sighting sighting) ->
          state.busy() ? first(state) : sighted(state, sighting);
      case RunEvent.Collected(Outcome _) -> first(state);
      case RunEvent.Asked _, RunEvent.ClientGone _, RunEvent.Terminated _ ->
          JobMachine.reasonToLeave(event)
              .map(reason -> changedMind(state, reason, now))
              .orElse(Next.stay(state));
      case RunEvent.NetworkNews _,
          RunEvent.EndOnQuit _,
          RunEvent.WatchEnded _,
          RunEvent.OverLimit _ ->
          Next.stay(state);
    };
  }

  /**
   * A finish file must not follow a quit (runtime reference 5.2): the settled outcome is told next
   * time.
   */
  private static Next changedMind(Leaving state, Outcome reason, Duration now) {
    boolean inProgress = state.busy() || state.retryAt().isZero();
    if (state.outcome() instanceof Outcome.Aborted) {
      return Next.stay(state);
    }
    if (reason instanceof Outcome.Aborted) {
      return abort(state.step() != Step.ENGINE, inProgress, Step.REMOVE, now);
    }
    return state.outcome() instanceof Outcome.Left
        ? Next.stay(state)
        : Next.then(new Ended(reason), new Action.Cancel());
  }

  /** The cancelled step has ended. */
  private static Next first(Leaving state) {
    return go(state, state.step());
  }

  private static Next go(Leaving state, Step step) {
    return Next.then(
        new Leaving(state.outcome(), false, step, Duration.ZERO, state.deadline()),
        new Action.Do(step));
  }

  private static Next done(Leaving state, Step step, Duration now) {
    return switch (step) {
      case ENGINE ->
          state.outcome() instanceof Outcome.Left
              ? go(state, Step.LOOK)
              : remove(state.outcome(), state.deadline());
      case SHUTDOWN -> remove(state.outcome(), now.plus(JobMachine.REMOVE_PATIENCE));
      case PLAN,
          LOOK,
          IMAGE,
          CREATE,
          COPY_IN,
          START,
          PAUSE,
          UNPAUSE,
          CONNECT,
          DISCONNECT,
          STOP,
          KILL,
          PARK,
          COPY_OUT,
          REMOVE ->
          JobMachine.end(state.outcome());
    };
  }

  private static Next failed(Leaving state, Step step, Failure failure, Duration now) {
    if (step == Step.SHUTDOWN) {
      return remove(state.outcome(), now.plus(JobMachine.REMOVE_PATIENCE))
          .saying(failure.sentence());
    }
    if (step == Step.PARK) {
      // It may run on: then at least it is frozen.
      return leave(state.outcome(), false, Step.LOOK, now).saying(failure.sentence());
    }
    if (step == Step.REMOVE) {
      return Next.stay(
              new Leaving(
                  state.outcome(), false, step, now.plus(JobMachine.RETRY), state.deadline()))
          .saying(failure.sentence());
    }
    return JobMachine.end(state.outcome()).saying(failure.sentence());
  }

  private static Next sighted(Leaving state, Sighting sighting) {
    return sighting instanceof Sighting.Running
        ? go(state, Step.PAUSE)
        : JobMachine.end(state.outcome());
  }

  private static Next tick(Leaving state, Duration now) {
    if (now.compareTo(state.deadline()) >= 0) {
      return Next.then(new Ended(state.outcome()), new Action.Cancel())
          .saying("the container engine did not answer in time");
    }
    return due(state.retryAt(), now) && !state.busy() ? first(state) : Next.stay(state);
  }

  private static boolean due(Duration retryAt, Duration now) {
    return !retryAt.isZero() && now.compareTo(retryAt) >= 0;
  }
}
