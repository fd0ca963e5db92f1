package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.run.JobState.Collecting;
import org.boinc.dockerwrapper.run.JobState.Ended;
import org.boinc.dockerwrapper.run.JobState.Leaving;
import org.boinc.dockerwrapper.run.JobState.Link;
import org.boinc.dockerwrapper.run.JobState.Motion;
import org.boinc.dockerwrapper.run.JobState.Preparing;
import org.boinc.dockerwrapper.run.JobState.Running;
import org.boinc.dockerwrapper.run.JobState.Stopping;
import org.boinc.dockerwrapper.run.JobState.Waiting;

/** A state of each kind that matters, an event of each kind, and which can meet. */
final class EveryPair {
  static final Duration NOW = Duration.ofMinutes(30);

  private static final Duration PAST = Duration.ofMinutes(29);
  private static final Duration FUTURE = Duration.ofMinutes(31);
  private static final Trouble LOST = Trouble.NONE.failed(Step.LOOK, PAST);
  private static final Trouble LONG_LOST =
      Trouble.NONE.failed(Step.COPY_OUT, Duration.ofSeconds(1));
  private static final Outcome.LimitHit LIMIT = new Outcome.LimitHit(LimitKind.DISK, "too much");

  private EveryPair() {}

  /** Those that can be. */
  static void forEach(BiConsumer<JobState, RunEvent> use) {
    for (JobState state : states()) {
      events().stream().filter(event -> canCome(state, event)).forEach(e -> use.accept(state, e));
    }
  }

  static List<JobState> states() {
    List<JobState> states = new ArrayList<>();
    for (Wishes wishes : wishes()) {
      addPreparing(wishes, states);
      for (Motion motion : Motion.values()) {
        for (boolean news : List.of(true, false)) {
          for (Link link : Link.values()) {
            states.add(new Running(motion, news, wishes, PAST, LOST, link));
            states.add(new Running(motion, news, wishes, FUTURE, Trouble.NONE, link));
          }
        }
      }
      for (Duration retryAt : List.of(Duration.ZERO, PAST, FUTURE)) {
        states.add(new Stopping(LIMIT, wishes, retryAt, LOST));
        states.add(new Collecting(Optional.of(LIMIT), wishes, retryAt, LOST));
        states.add(new Collecting(Optional.empty(), wishes, retryAt, LONG_LOST));
      }
    }
    for (Outcome outcome : outcomes()) {
      addLeaving(outcome, states);
      states.add(new Ended(outcome));
    }
    return states;
  }

  private static void addPreparing(Wishes wishes, List<JobState> states) {
    for (Step step : Step.values()) {
      if (step.compareTo(Step.START) <= 0) {
        states.add(Preparing.doing(step, wishes, Trouble.NONE));
      }
      if (step.compareTo(Step.LOOK) <= 0) {
        states.add(
            new Preparing(
                step, Waiting.NO, wishes, Duration.ZERO, Trouble.NONE, Optional.of(LIMIT)));
      }
    }
    Preparing lost = Preparing.doing(Step.IMAGE, wishes, LOST);
    for (Step step : List.of(Step.IMAGE, Step.START)) {
      states.add(lost.waiting(step, Waiting.RESUME, Duration.ZERO));
    }
    states.add(lost.waiting(Step.IMAGE, Waiting.NETWORK, Duration.ZERO));
    for (Duration retryAt : List.of(PAST, FUTURE)) {
      states.add(lost.waiting(Step.LOOK, Waiting.ENGINE, retryAt));
      states.add(lost.waiting(Step.LOOK, Waiting.CLIENT, retryAt));
    }
  }

  private static void addLeaving(Outcome outcome, List<JobState> states) {
    for (Duration deadline : List.of(PAST, FUTURE)) {
      for (Step step : List.of(Step.LOOK, Step.PAUSE, Step.PARK, Step.SHUTDOWN, Step.REMOVE)) {
        states.add(new Leaving(outcome, true, step, Duration.ZERO, deadline));
        states.add(new Leaving(outcome, false, step, Duration.ZERO, deadline));
      }
      states.add(new Leaving(outcome, false, Step.ENGINE, Duration.ZERO, deadline));
      states.add(new Leaving(outcome, false, Step.REMOVE, PAST, deadline));
      states.add(new Leaving(outcome, false, Step.REMOVE, FUTURE, deadline));
    }
  }

  private static List<Wishes> wishes() {
    return List.of(
        Wishes.NONE,
        Wishes.NONE.suspended(true, PAST),
        Wishes.NONE.suspended(true, NOW.minusSeconds(1)).network(true),
        Wishes.NONE.network(false),
        Wishes.NONE.endOnQuit(true));
  }

  private static List<Outcome> outcomes() {
    return List.of(
        new Outcome.Succeeded(),
        new Outcome.PayloadFailed(3, "the job ended with status 3"),
        LIMIT,
        new Outcome.JobRejected(List.of("no image")),
        new Outcome.ConsentMissing("not agreed to"),
        new Outcome.DeviceMissing("no GPU"),
        new Outcome.Left("the client asked to quit"),
        new Outcome.Aborted());
  }

  static List<RunEvent> events() {
    List<RunEvent> events = new ArrayList<>();
    Arrays.stream(ClientRequest.values()).map(RunEvent.Asked::new).forEach(events::add);
    for (Step step : Step.values()) {
      events.add(new RunEvent.Done(step));
      failures().forEach(failure -> events.add(new RunEvent.Failed(step, failure)));
    }
    for (Sighting sighting :
        List.of(
            new Sighting.Absent(),
            new Sighting.Created(),
            new Sighting.Running(Link.NONE),
            new Sighting.Running(Link.UP),
            new Sighting.Running(Link.DOWN),
            new Sighting.Paused(Link.UP),
            new Sighting.Exited(new PayloadExit(0, false)),
            new Sighting.Killed("killed while nobody watched"))) {
      events.add(new RunEvent.Sighted(sighting));
    }
    outcomes().stream()
        .filter(Outcome::isDecided)
        .map(RunEvent.Collected::new)
        .forEach(events::add);
    for (LimitKind limit : LimitKind.values()) {
      events.add(new RunEvent.OverLimit(limit, "too much"));
    }
    events.addAll(
        List.of(
            new RunEvent.ClientGone(),
            new RunEvent.Terminated(),
            new RunEvent.NetworkNews(true),
            new RunEvent.NetworkNews(false),
            new RunEvent.EndOnQuit(true),
            new RunEvent.WatchEnded(),
            new RunEvent.Tick()));
    return events;
  }

  private static List<Failure> failures() {
    return List.of(
        new Failure.EngineAway("no answer"),
        new Failure.Surprise("otherwise than thought"),
        new Failure.Cancelled(),
        new Failure.NetworkNeeded(),
        new Failure.Host("disk full", Duration.ZERO),
        new Failure.Job("no such image"),
        new Failure.Device("no such device"),
        new Failure.Limit(LimitKind.DISK, "too large"),
        new Failure.Bug("null pointer"));
  }

  /** A step answers only where it may be in progress, and each in its own way. */
  private static boolean canCome(JobState state, RunEvent event) {
    return switch (event) {
      case RunEvent.Done(Step step) ->
          step != Step.LOOK
              && step != Step.START
              && step != Step.COPY_OUT
              && mayBeInProgress(state, step);
      case RunEvent.Failed(Step step, Failure _) -> mayBeInProgress(state, step);
      case RunEvent.Sighted _ ->
          mayBeInProgress(state, Step.LOOK) || mayBeInProgress(state, Step.START);
      case RunEvent.Collected _ -> mayBeInProgress(state, Step.COPY_OUT);
      case RunEvent.Asked _,
          RunEvent.ClientGone _,
          RunEvent.Terminated _,
          RunEvent.NetworkNews _,
          RunEvent.EndOnQuit _,
          RunEvent.WatchEnded _,
          RunEvent.OverLimit _,
          RunEvent.Tick _ ->
          true;
    };
  }

  private static boolean mayBeInProgress(JobState state, Step step) {
    return isBusy(state)
        && switch (state) {
          case Preparing preparing -> preparing.step() == step;
          case Running running ->
              switch (running.motion()) {
                case PAUSING -> step == Step.PAUSE;
                case UNPAUSING -> step == Step.UNPAUSE;
                case CONNECTING -> step == Step.CONNECT;
                case DISCONNECTING -> step == Step.DISCONNECT;
                case LOOKING -> step == Step.LOOK;
                case RUNNING, PAUSED, LOST, STUBBORN -> false;
              };
          case Stopping stopping -> step == stopping.limit().limit().ending() || step == Step.LOOK;
          case Collecting _ -> step == Step.COPY_OUT || step == Step.LOOK;
          case Leaving leaving -> leaving.busy() ? step != Step.ENGINE : leaving.step() == step;
          case Ended _ -> true;
        };
  }

  /** Whether the state says that a step is in progress. */
  static boolean isBusy(JobState state) {
    return switch (state) {
      case Preparing preparing -> preparing.waiting() == Waiting.NO;
      case Running running ->
          switch (running.motion()) {
            case PAUSING, UNPAUSING, CONNECTING, DISCONNECTING, LOOKING -> true;
            case RUNNING, PAUSED, LOST, STUBBORN -> false;
          };
      case Stopping stopping -> stopping.retryAt().isZero();
      case Collecting collecting -> collecting.retryAt().isZero();
      case Leaving leaving -> leaving.busy() || leaving.retryAt().isZero();
      case Ended _ -> true;
    };
  }

  static boolean isAnswer(RunEvent event) {
    return event instanceof RunEvent.Done
        || event instanceof RunEvent.Failed
        || event instanceof RunEvent.Sighted
        || event instanceof RunEvent.Collected;
  }
}
