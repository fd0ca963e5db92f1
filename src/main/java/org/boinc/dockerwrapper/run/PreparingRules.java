package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.run.JobState.Preparing;
import org.boinc.dockerwrapper.run.JobState.Waiting;

/** The way to a running container. */
final class PreparingRules {
  /**
   * A shorter suspend is the client's CPU throttle; a build that it stopped would never be done.
   */
  static final Duration REAL_SUSPEND = Duration.ofSeconds(10);

  /** A dead client is noticed within 10 s by its process or 30 s by its heartbeats. */
  static final Duration CLIENT_DOUBT = Duration.ofSeconds(31);

  private PreparingRules() {}

  static Next next(Preparing state, RunEvent event, Duration now) {
    Optional<Outcome> leaving = JobMachine.reasonToLeave(event);
    if (leaving.isPresent()) {
      return leave(state, leaving.get(), now);
    }
    Preparing heard = state.with(JobMachine.heard(state.wishes(), event, now));
    return switch (event) {
      case RunEvent.Done(Step step) -> done(heard, step);
      case RunEvent.Failed(Step step, Failure failure) -> failed(heard, step, failure, now);
      case RunEvent.Sighted(Sighting sighting) -> sighted(heard, sighting, now);
      case RunEvent.Asked _, RunEvent.NetworkNews _, RunEvent.EndOnQuit _, RunEvent.Tick _ ->
          reconsider(heard, now);
      case RunEvent.Collected _,
          RunEvent.WatchEnded _,
          RunEvent.OverLimit _,
          RunEvent.ClientGone _,
          RunEvent.Terminated _ ->
          Next.stay(heard);
    };
  }

  /**
   * Looks again when the client's death would have been noticed: it may have died, and its
   * successor have cleaned up.
   */
  static Next doubt(Wishes wishes, Duration now) {
    return Next.stay(
        Preparing.doing(Step.LOOK, wishes, Trouble.NONE)
            .waiting(Step.LOOK, Waiting.CLIENT, now.plus(CLIENT_DOUBT)));
  }

  /** Starts a step, or waits with START while the job is suspended. */
  static Next begin(Step step, Wishes wishes, Trouble trouble) {
    if (step == Step.START && wishes.suspended()) {
      return Next.stay(
          Preparing.doing(step, wishes, trouble).waiting(step, Waiting.RESUME, Duration.ZERO));
    }
    return Next.then(Preparing.doing(step, wishes, trouble), new Action.Do(step));
  }

  private static Next go(Preparing state, Step step) {
    return Next.then(state.going(step), new Action.Do(step));
  }

  private static Next sighted(Preparing state, Sighting sighting, Duration now) {
    Trouble trouble = state.trouble().answered();
    return state
        .limit()
        .map(limit -> EndingRules.afterLimit(limit, sighting, state.wishes(), now, trouble))
        .orElseGet(() -> JobMachine.adopt(sighting, state.wishes(), trouble));
  }

  private static Next done(Preparing state, Step step) {
    Trouble trouble = state.trouble().done(step);
    return switch (step) {
      case ENGINE -> go(state, Step.PLAN);
      case PLAN -> go(state, Step.LOOK);
      case IMAGE -> begin(Step.CREATE, state.wishes(), trouble);
      case CREATE -> begin(Step.COPY_IN, state.wishes(), trouble);
      case COPY_IN -> begin(Step.START, state.wishes(), trouble);
      // Both are answered by what there is.
      case START, LOOK -> Next.stay(state);
      case PAUSE, UNPAUSE, CONNECT, DISCONNECT, SHUTDOWN, STOP, KILL, PARK, COPY_OUT, REMOVE ->
          Next.stay(state);
    };
  }

  private static Next failed(Preparing state, Step step, Failure failure, Duration now) {
    return switch (failure) {
      case Failure.Cancelled() -> hold(state, step, false);
      case Failure.NetworkNeeded() -> hold(state, step, true);
      case Failure.EngineAway(String sentence) ->
          step == Step.ENGINE
              ? JobMachine.end(JobMachine.hostNotReady(sentence))
              : tryLater(state, step, sentence, now);
      case Failure.Surprise(String sentence) -> tryLater(state, step, sentence, now);
      case Failure.Host(String sentence, Duration delay) ->
          JobMachine.end(new Outcome.HostNotReady(sentence, delay));
      case Failure.Bug(String sentence) -> JobMachine.end(new Outcome.Bug(sentence));
      case Failure.Job(String sentence) ->
          giveUp(step, new Outcome.JobRejected(List.of(sentence)), now);
      case Failure.Consent(String sentence) ->
          giveUp(step, new Outcome.ConsentMissing(sentence), now);
      case Failure.Device(String sentence) ->
          giveUp(step, new Outcome.DeviceMissing(sentence), now);
      case Failure.Limit(LimitKind limit, String sentence) ->
          giveUp(step, new Outcome.LimitHit(limit, sentence), now);
    };
  }

  /** The image can't be had just now: what happened decides what is waited for. */
  private static Next hold(Preparing state, Step step, boolean forNetwork) {
    Wishes wishes = state.wishes();
    boolean wait = forNetwork ? !wishes.networkAllowed() : wishes.suspended();
    return wait
        ? Next.stay(
            state.waiting(step, forNetwork ? Waiting.NETWORK : Waiting.RESUME, Duration.ZERO))
        : go(state, step);
  }

  private static Next tryLater(Preparing state, Step step, String sentence, Duration now) {
    Trouble trouble = state.trouble().failed(step, now);
    return JobMachine.tryLater(
        trouble,
        sentence,
        state.with(trouble).waiting(Step.LOOK, Waiting.ENGINE, now.plus(JobMachine.RETRY)));
  }

  private static Next giveUp(Step step, Outcome outcome, Duration now) {
    // Before the container is created there may be one of an earlier episode.
    return step == Step.ENGINE
        ? JobMachine.end(outcome)
        : EndingRules.remove(outcome, now.plus(JobMachine.REMOVE_PATIENCE));
  }

  /** A wish or the time changed. */
  private static Next reconsider(Preparing state, Duration now) {
    Wishes wishes = state.wishes();
    return switch (state.waiting()) {
      case NO ->
          shouldStopFetching(state, now) ? Next.then(state, new Action.Cancel()) : Next.stay(state);
      case RESUME ->
          wishes.suspended() ? Next.stay(state) : begin(state.step(), wishes, state.trouble());
      case NETWORK ->
          wishes.networkAllowed() ? begin(state.step(), wishes, state.trouble()) : Next.stay(state);
      case CLIENT -> now.compareTo(state.retryAt()) < 0 ? Next.stay(state) : go(state, Step.LOOK);
      case ENGINE ->
          JobMachine.lookAgain(
              state, state.retryAt(), state.trouble(), now, state.going(Step.LOOK));
    };
  }

  private static boolean shouldStopFetching(Preparing state, Duration now) {
    Wishes wishes = state.wishes();
    return state.step() == Step.IMAGE
        && wishes.suspended()
        && now.minus(wishes.since()).compareTo(REAL_SUSPEND) >= 0;
  }

  private static Next leave(Preparing state, Outcome outcome, Duration now) {
    boolean engineKnown = state.step() != Step.ENGINE;
    boolean inProgress = state.waiting() == Waiting.NO;
    if (outcome instanceof Outcome.Aborted) {
      return EndingRules.abort(engineKnown, inProgress, Step.REMOVE, now);
    }
    return engineKnown
        ? EndingRules.leave(outcome, inProgress, Step.LOOK, now)
        : EndingRules.leaveWhenFound(outcome, now);
  }
}
