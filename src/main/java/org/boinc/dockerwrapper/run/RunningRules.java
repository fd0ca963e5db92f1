package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.Optional;
import org.boinc.dockerwrapper.run.JobState.Link;
import org.boinc.dockerwrapper.run.JobState.Motion;
import org.boinc.dockerwrapper.run.JobState.Running;

/** The container is started: make it do what the client wants, until it ends. */
final class RunningRules {
  private RunningRules() {}

  static Next next(Running state, RunEvent event, Duration now) {
    Optional<Outcome> leaving = JobMachine.reasonToLeave(event);
    if (leaving.isPresent()) {
      return leave(state, leaving.get(), now);
    }
    Running heard = state.with(JobMachine.heard(state.wishes(), event, now));
    return switch (event) {
      case RunEvent.Done(Step step) -> done(heard, step);
      case RunEvent.Failed(Step step, Failure failure) -> failed(heard, step, failure, now);
      case RunEvent.Sighted(Sighting sighting) -> sighted(heard, sighting, now);
      case RunEvent.WatchEnded() -> drive(heard.withNews());
      case RunEvent.OverLimit(LimitKind limit, String sentence) ->
          overLimit(heard, new Outcome.LimitHit(limit, sentence));
      case RunEvent.Tick() -> tick(heard, now);
      case RunEvent.Asked _, RunEvent.NetworkNews _, RunEvent.EndOnQuit _ -> drive(heard);
      case RunEvent.Collected _, RunEvent.ClientGone _, RunEvent.Terminated _ -> Next.stay(heard);
    };
  }

  /**
   * Where no step is in progress, starts the one that is due; quick suspends and resumes collapse
   * here.
   */
  static Next drive(Running state) {
    return switch (state.motion()) {
      case RUNNING -> {
        if (state.news()) {
          yield look(state);
        }
        yield state.wishes().suspended()
            ? Next.then(state.with(Motion.PAUSING), new Action.Do(Step.PAUSE))
            : link(state);
      }
      case PAUSED -> {
        if (state.news()) {
          yield look(state);
        }
        yield state.wishes().suspended()
            ? Next.stay(state)
            : Next.then(state.with(Motion.UNPAUSING), new Action.Do(Step.UNPAUSE));
      }
      case STUBBORN ->
          isOtherwise(state) && !state.news()
              ? Next.stay(state)
              : drive(state.with(Motion.RUNNING));
      case PAUSING, UNPAUSING, CONNECTING, DISCONNECTING, LOOKING, LOST -> Next.stay(state);
    };
  }

  /**
   * On or off the network, as the client wants it. A paused container is left as it is until it
   * runs: it sends nothing, and Podman changes one only on paper.
   */
  private static Next link(Running state) {
    if (!isLinkedOtherwise(state)) {
      return Next.stay(state);
    }
    return state.link() == Link.UP
        ? Next.then(state.with(Motion.DISCONNECTING), new Action.Do(Step.DISCONNECT))
        : Next.then(state.with(Motion.CONNECTING), new Action.Do(Step.CONNECT));
  }

  /** Before the first heartbeat the network is left as it was found. */
  private static boolean isLinkedOtherwise(Running state) {
    return switch (state.wishes().network()) {
      case UNKNOWN -> false;
      case ALLOWED -> state.link() == Link.DOWN;
      case SUSPENDED -> state.link() == Link.UP;
    };
  }

  /** Whether a container that runs is not as the client wants it. */
  private static boolean isOtherwise(Running state) {
    return state.wishes().suspended() || isLinkedOtherwise(state);
  }

  private static Next look(Running state) {
    return Next.then(looking(state), new Action.Do(Step.LOOK));
  }

  private static Running looking(Running state) {
    return new Running(
        Motion.LOOKING, false, state.wishes(), state.retryAt(), state.trouble(), state.link());
  }

  private static Next done(Running state, Step step) {
    return switch (step) {
      case PAUSE -> drive(state.with(Motion.PAUSED));
      case UNPAUSE -> drive(state.with(Motion.RUNNING));
      case CONNECT -> drive(state.with(Motion.RUNNING).with(Link.UP));
      case DISCONNECT -> drive(state.with(Motion.RUNNING).with(Link.DOWN));
      case ENGINE,
          PLAN,
          LOOK,
          IMAGE,
          CREATE,
          COPY_IN,
          START,
          SHUTDOWN,
          STOP,
          KILL,
          PARK,
          COPY_OUT,
          REMOVE ->
          Next.stay(state);
    };
  }

  /**
   * What fails with a container that runs often means that it has ended: the truth is worth a look.
   */
  private static Next failed(Running state, Step step, Failure failure, Duration now) {
    return switch (step) {
      case PAUSE, UNPAUSE, CONNECT, DISCONNECT ->
          look(state.retryAt(now.plus(JobMachine.RETRY))).saying(failure.sentence());
      case LOOK -> lost(state, failure, now);
      case ENGINE,
          PLAN,
          IMAGE,
          CREATE,
          COPY_IN,
          START,
          SHUTDOWN,
          STOP,
          KILL,
          PARK,
          COPY_OUT,
          REMOVE ->
          Next.stay(state);
    };
  }

  private static Next lost(Running state, Failure failure, Duration now) {
    Trouble trouble = state.trouble().failed(Step.LOOK, now);
    Running lost =
        new Running(
            Motion.LOST, false, state.wishes(), now.plus(JobMachine.RETRY), trouble, state.link());
    Next next = Next.stay(lost);
    return state.trouble().lost().isEmpty()
        ? next.saying(failure.sentence() + "; the container may live, looking again")
        : next;
  }

  private static Next sighted(Running state, Sighting sighting, Duration now) {
    if (sighting instanceof Sighting.Running(Link link)
        && isOtherwise(state.with(link))
        && now.compareTo(state.retryAt()) < 0) {
      return Next.stay(
          new Running(Motion.STUBBORN, false, state.wishes(), state.retryAt(), Trouble.NONE, link));
    }
    if (sighting instanceof Sighting.Absent) {
      return PreparingRules.doubt(state.wishes(), now)
          .saying("the container is gone; if the client lives the job starts over");
    }
    return JobMachine.adopt(sighting, state.wishes(), state.trouble().answered());
  }

  private static Next overLimit(Running state, Outcome.LimitHit limit) {
    return switch (state.motion()) {
      case RUNNING, PAUSED, STUBBORN -> EndingRules.stop(limit, state.wishes(), Trouble.NONE);
      // A step is in progress; the limit is reported again every second.
      case PAUSING, UNPAUSING, CONNECTING, DISCONNECTING, LOOKING, LOST -> Next.stay(state);
    };
  }

  private static Next tick(Running state, Duration now) {
    return switch (state.motion()) {
      case LOST ->
          JobMachine.lookAgain(state, state.retryAt(), state.trouble(), now, looking(state));
      case STUBBORN ->
          now.compareTo(state.retryAt()) < 0 ? Next.stay(state) : drive(state.with(Motion.RUNNING));
      case RUNNING, PAUSED, PAUSING, UNPAUSING, CONNECTING, DISCONNECTING, LOOKING ->
          Next.stay(state);
    };
  }

  private static Next leave(Running state, Outcome outcome, Duration now) {
    boolean inProgress =
        switch (state.motion()) {
          case PAUSING, UNPAUSING, CONNECTING, DISCONNECTING, LOOKING -> true;
          case RUNNING, PAUSED, LOST, STUBBORN -> false;
        };
    if (outcome instanceof Outcome.Aborted) {
      return EndingRules.abort(true, inProgress, Step.SHUTDOWN, now);
    }
    if (state.wishes().endOnQuit() && !inProgress && state.motion() != Motion.LOST) {
      return EndingRules.park(outcome, now);
    }
    if (state.motion() == Motion.PAUSED) {
      return JobMachine.end(outcome);
    }
    return EndingRules.leave(
        outcome, inProgress, state.motion() == Motion.RUNNING ? Step.PAUSE : Step.LOOK, now);
  }
}
