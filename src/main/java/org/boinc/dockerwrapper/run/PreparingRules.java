package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.run.JobState.Preparing;
import org.boinc.dockerwrapper.run.JobState.Running;
import org.boinc.dockerwrapper.run.JobState.Waiting;

/** The way to a running container. */
final class PreparingRules {
  /**
   * A shorter suspend is the client's CPU throttle; a build that it stopped would never be done.
   */
  static final Duration REAL_SUSPEND = Duration.ofSeconds(10);

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
      case RunEvent.Asked _, RunEvent.NetworkNews _, RunEvent.Tick _ -> reconsider(heard, now);
      case RunEvent.Collected _,
          RunEvent.WatchEnded _,
          RunEvent.OverLimit _,
          RunEvent.ClientGone _,
          RunEvent.Terminated _ ->
          Next.stay(heard);
    };
  }

  /** Starts a step, or waits with START while the job is suspended. */
  static Next begin(Step step, Wishes wishes, Duration since) {
    if (step == Step.START && wishes.suspended()) {
      return Next.stay(
          Preparing.doing(step, wishes, since).waiting(step, Waiting.RESUME, Duration.ZERO));
    }
    return Next.then(Preparing.doing(step, wishes, since), new Action.Do(step));
  }

  private static Next go(Preparing state, Step step) {
    return Next.then(state.going(step), new Action.Do(step));
  }

  private static Next sighted(Preparing state, Sighting sighting, Duration now) {
    return state
        .limit()
        .map(limit -> EndingRules.afterLimit(limit, sighting, state.wishes(), now, state.since()))
        .orElseGet(() -> JobMachine.adopt(sighting, state.wishes(), now, state.since()));
  }

  private static Next done(Preparing state, Step step) {
    return switch (step) {
      case ENGINE -> go(state, Step.PLAN);
      case PLAN -> go(state, Step.LOOK);
      case IMAGE -> begin(Step.CREATE, state.wishes(), state.since());
      case CREATE -> begin(Step.COPY_IN, state.wishes(), state.since());
      case COPY_IN -> begin(Step.START, state.wishes(), state.since());
      case START ->
          RunningRules.drive(
              new Running(
                  JobState.Motion.RUNNING, false, state.wishes(), Duration.ZERO, Duration.ZERO));
      case LOOK, PAUSE, UNPAUSE, SHUTDOWN, STOP, KILL, COPY_OUT, REMOVE -> Next.stay(state);
    };
  }

  private static Next failed(Preparing state, Step step, Failure failure, Duration now) {
    return switch (failure) {
      case Failure.Cancelled() -> hold(state, step, false);
      case Failure.NetworkNeeded() -> hold(state, step, true);
      case Failure.EngineAway(String sentence) ->
          step == Step.ENGINE
              ? JobMachine.end(JobMachine.hostNotReady(sentence))
              : tryLater(state, sentence, now);
      case Failure.Surprise(String sentence) -> tryLater(state, sentence, now);
      case Failure.Host(String sentence, Duration delay) ->
          JobMachine.end(new Outcome.HostNotReady(sentence, delay));
      case Failure.Bug(String sentence) -> JobMachine.end(new Outcome.Bug(sentence));
      case Failure.Job(String sentence) ->
          giveUp(step, new Outcome.JobRejected(List.of(sentence)), now);
      case Failure.Device(String sentence) ->
          giveUp(step, new Outcome.DeviceMissing(sentence), now);
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

  private static Next tryLater(Preparing state, String sentence, Duration now) {
    Duration since = JobMachine.lostSince(state.since(), now);
    Preparing later =
        state.lostSince(since).waiting(Step.LOOK, Waiting.ENGINE, now.plus(JobMachine.RETRY));
    return Next.stay(later).saying(sentence + "; looking again");
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
          wishes.suspended() ? Next.stay(state) : begin(state.step(), wishes, state.since());
      case NETWORK ->
          wishes.networkAllowed() ? begin(state.step(), wishes, state.since()) : Next.stay(state);
      case ENGINE ->
          JobMachine.lookAgain(state, state.retryAt(), state.since(), now, state.going(Step.LOOK));
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
