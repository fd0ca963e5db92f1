package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.Optional;

/** Where an episode stands. */
public sealed interface JobState {
  /**
   * On the way to a running container.
   *
   * @param step in progress or waited for
   * @param waiting why it is not in progress
   * @param retryAt when to try again where {@code waiting} is ENGINE or CLIENT
   * @param trouble with the engine, for the limit of our patience
   * @param limit because of which an earlier episode was stopping the job: nothing is started
   */
  record Preparing(
      Step step,
      Waiting waiting,
      Wishes wishes,
      Duration retryAt,
      Trouble trouble,
      Optional<Outcome.LimitHit> limit)
      implements JobState {
    /** A step in progress, of a job without a limit to its name. */
    static Preparing doing(Step step, Wishes wishes, Trouble trouble) {
      return new Preparing(step, Waiting.NO, wishes, Duration.ZERO, trouble, Optional.empty());
    }

    Preparing with(Wishes changed) {
      return new Preparing(step, waiting, changed, retryAt, trouble, limit);
    }

    /** The same state with this step in progress. */
    Preparing going(Step next) {
      return new Preparing(next, Waiting.NO, wishes, Duration.ZERO, trouble, limit);
    }

    /** The same state with this step put off. */
    Preparing waiting(Step next, Waiting reason, Duration until) {
      return new Preparing(next, reason, wishes, until, trouble, limit);
    }

    Preparing with(Trouble changed) {
      return new Preparing(step, waiting, wishes, retryAt, changed, limit);
    }
  }

  /**
   * The container is started.
   *
   * @param motion what it does, or what we are doing to it
   * @param news something was heard of its end while a step was in progress
   * @param retryAt when to try again where {@code motion} is LOST or STUBBORN
   * @param trouble with the engine
   * @param link to the network
   */
  record Running(
      Motion motion, boolean news, Wishes wishes, Duration retryAt, Trouble trouble, Link link)
      implements JobState {
    /** As it was found. */
    static Running found(Motion motion, Wishes wishes, Link link) {
      return new Running(motion, false, wishes, Duration.ZERO, Trouble.NONE, link);
    }

    Running with(Motion changed) {
      return new Running(changed, news, wishes, retryAt, trouble, link);
    }

    Running with(Wishes changed) {
      return new Running(motion, news, changed, retryAt, trouble, link);
    }

    Running with(Link changed) {
      return new Running(motion, news, wishes, retryAt, trouble, changed);
    }

    Running withNews() {
      return new Running(motion, true, wishes, retryAt, trouble, link);
    }

    Running retryAt(Duration changed) {
      return new Running(motion, news, wishes, changed, trouble, link);
    }
  }

  /**
   * Being stopped because of a limit.
   *
   * @param limit the outcome there will be
   * @param retryAt when to look again where a step failed; zero while one is in progress
   * @param trouble with the engine, for the limit of our patience
   */
  record Stopping(Outcome.LimitHit limit, Wishes wishes, Duration retryAt, Trouble trouble)
      implements JobState {}

  /**
   * The container has ended and its outputs are collected.
   *
   * @param limit the outcome that a limit already decided
   * @param retryAt when to look again where the engine is away; zero while collecting
   * @param trouble with the engine
   */
  record Collecting(
      Optional<Outcome.LimitHit> limit, Wishes wishes, Duration retryAt, Trouble trouble)
      implements JobState {}

  /**
   * On the way out.
   *
   * @param outcome what the client will be told
   * @param busy a cancelled step has not ended yet
   * @param step in progress or next
   * @param retryAt when to try it again; zero while in progress
   * @param deadline when the way out ends whatever happened
   */
  record Leaving(Outcome outcome, boolean busy, Step step, Duration retryAt, Duration deadline)
      implements JobState {}

  /** Over. */
  record Ended(Outcome outcome) implements JobState {}

  /** Why a preparing step is not in progress. */
  enum Waiting {
    /** It is in progress. */
    NO,
    /** For the client to resume the job. */
    RESUME,
    /** For the client to allow the network. */
    NETWORK,
    /** For the engine to come back. */
    ENGINE,
    /** For the news that the client is gone, or for none to come. */
    CLIENT
  }

  /** What the started container does, or what we are doing to it. */
  enum Motion {
    RUNNING,
    PAUSED,
    /** A step is in progress. */
    PAUSING,
    UNPAUSING,
    CONNECTING,
    DISCONNECTING,
    LOOKING,
    /** The engine is away. */
    LOST,
    /** It runs, and could not be paused or its network not be changed; tried again soon. */
    STUBBORN
  }

  /** Whether a container is on the network, which it leaves while the client suspends that. */
  enum Link {
    /** It has none that it could leave. */
    NONE,
    UP,
    DOWN
  }
}
