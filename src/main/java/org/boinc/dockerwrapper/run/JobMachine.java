package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.run.JobState.Collecting;
import org.boinc.dockerwrapper.run.JobState.Ended;
import org.boinc.dockerwrapper.run.JobState.Leaving;
import org.boinc.dockerwrapper.run.JobState.Link;
import org.boinc.dockerwrapper.run.JobState.Motion;
import org.boinc.dockerwrapper.run.JobState.Preparing;
import org.boinc.dockerwrapper.run.JobState.Running;
import org.boinc.dockerwrapper.run.JobState.Stopping;

/**
 * Decides what an episode does next. Pure: a state and an event in, a state and actions out; time
 * is an argument. Each state has its own class; this one only sends the event there.
 */
public final class JobMachine {
  /** The client kills us 60 s after a quit; a person shutting down a computer has less patience. */
  static final Duration QUIT_PATIENCE = Duration.ofSeconds(8);

  /** The same where the job makes a checkpoint first: the volunteer wants the memory back. */
  static final Duration PARK_PATIENCE = Duration.ofSeconds(40);

  /** The client kills us 60 s after an abort. */
  static final Duration ABORT_PATIENCE = Duration.ofSeconds(25);

  /** The same for {@code container.shutdown}, with time left to remove the container after it. */
  static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(35);

  /** Removing a container that has ended; a result is worth more than a tidy engine. */
  static final Duration REMOVE_PATIENCE = Duration.ofSeconds(20);

  /** Between two tries. */
  static final Duration RETRY = Duration.ofSeconds(2);

  private JobMachine() {}

  /** The first state of an episode. */
  public static Next start() {
    return begin(Optional.empty());
  }

  /** The first state where an earlier episode was stopping the job because of a limit. */
  public static Next goOnStopping(Outcome.LimitHit limit) {
    return begin(Optional.of(limit));
  }

  private static Next begin(Optional<Outcome.LimitHit> limit) {
    return Next.then(
        new Preparing(
            Step.ENGINE, JobState.Waiting.NO, Wishes.NONE, Duration.ZERO, Trouble.NONE, limit),
        new Action.Do(Step.ENGINE));
  }

  /**
   * The first state where an earlier episode already settled the result: it is repeated, never
   * computed anew.
   */
  public static Next repeat(Outcome decided, Duration now) {
    return Next.then(
        new Leaving(decided, false, Step.ENGINE, Duration.ZERO, now.plus(REMOVE_PATIENCE)),
        new Action.Do(Step.ENGINE));
  }

  /**
   * The next state.
   *
   * @param now since the episode began, on a clock that never goes back
   */
  public static Next next(JobState state, RunEvent event, Duration now) {
    return switch (state) {
      case Preparing preparing -> PreparingRules.next(preparing, event, now);
      case Running running -> RunningRules.next(running, event, now);
      case Stopping stopping -> EndingRules.next(stopping, event, now);
      case Collecting collecting -> EndingRules.next(collecting, event, now);
      case Leaving leaving -> EndingRules.next(leaving, event, now);
      case Ended ended -> Next.stay(ended);
    };
  }

  /**
   * The recovery table: what to do about the container that was found, at the start as after a
   * surprise.
   */
  static Next adopt(Sighting sighting, Wishes wishes, Trouble trouble) {
    return switch (sighting) {
      case Sighting.Absent() -> PreparingRules.begin(Step.IMAGE, wishes, trouble);
      case Sighting.Created() -> PreparingRules.begin(Step.COPY_IN, wishes, trouble);
      case Sighting.Running(Link link) ->
          RunningRules.drive(Running.found(Motion.RUNNING, wishes, link));
      case Sighting.Paused(Link link) ->
          RunningRules.drive(Running.found(Motion.PAUSED, wishes, link));
      case Sighting.Exited(PayloadExit _) -> EndingRules.collect(Optional.empty(), wishes, trouble);
      case Sighting.Killed(String why) ->
          PreparingRules.begin(Step.START, wishes, trouble)
              .saying(why + "; the container is started again");
    };
  }

  /** Why the client's or the host's wish makes the episode end, if it does. */
  static Optional<Outcome> reasonToLeave(RunEvent event) {
    return switch (event) {
      case RunEvent.Asked(ClientRequest request) ->
          switch (request) {
            case QUIT -> Optional.of(new Outcome.Left("the client asked to quit"));
            case ABORT -> Optional.of(new Outcome.Aborted());
            case SUSPEND, RESUME, REREAD_APP_INFO -> Optional.empty();
          };
      case RunEvent.ClientGone() -> Optional.of(new Outcome.Left("the BOINC client is gone"));
      case RunEvent.Terminated() ->
          Optional.of(new Outcome.Left("the wrapper was asked to end by a signal"));
      case RunEvent.NetworkNews _,
          RunEvent.EndOnQuit _,
          RunEvent.Done _,
          RunEvent.Failed _,
          RunEvent.Sighted _,
          RunEvent.Collected _,
          RunEvent.WatchEnded _,
          RunEvent.OverLimit _,
          RunEvent.Tick _ ->
          Optional.empty();
    };
  }

  /** The wishes after an event. */
  static Wishes heard(Wishes wishes, RunEvent event, Duration now) {
    return switch (event) {
      case RunEvent.Asked(ClientRequest request) ->
          switch (request) {
            case SUSPEND -> wishes.suspended(true, now);
            case RESUME -> wishes.suspended(false, now);
            case QUIT, ABORT, REREAD_APP_INFO -> wishes;
          };
      case RunEvent.NetworkNews(boolean allowed) -> wishes.network(allowed);
      case RunEvent.EndOnQuit(boolean value) -> wishes.endOnQuit(value);
      case RunEvent.ClientGone _,
          RunEvent.Terminated _,
          RunEvent.Done _,
          RunEvent.Failed _,
          RunEvent.Sighted _,
          RunEvent.Collected _,
          RunEvent.WatchEnded _,
          RunEvent.OverLimit _,
          RunEvent.Tick _ ->
          wishes;
    };
  }

  /**
   * A step failed that may succeed another time: soon, or not in this episode.
   *
   * @param waiting the state in which the engine is looked for again
   */
  static Next tryLater(Trouble trouble, String sentence, JobState waiting) {
    return trouble.repeats()
        ? end(hostNotReady(sentence))
        : Next.stay(waiting).saying(sentence + "; looking again");
  }

  /**
   * Where the engine was away: looks again when it is time, for ten minutes in all.
   *
   * @param waiting the state as it is
   * @param looking the same with LOOK in progress
   */
  static Next lookAgain(
      JobState waiting, Duration retryAt, Trouble trouble, Duration now, JobState looking) {
    if (now.compareTo(retryAt) < 0) {
      return Next.stay(waiting);
    }
    return trouble.lasts(now)
        ? end(hostNotReady("the container engine did not come back for 10 minutes"))
        : Next.then(looking, new Action.Do(Step.LOOK));
  }

  static Next end(Outcome outcome) {
    return Next.stay(new Ended(outcome));
  }

  static Outcome hostNotReady(String sentence) {
    return new Outcome.HostNotReady(sentence, Duration.ZERO);
  }
}
