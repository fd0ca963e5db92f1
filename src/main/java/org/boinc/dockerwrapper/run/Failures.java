package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.time.Duration;
import org.boinc.dockerwrapper.boinc.FileTrouble;
import org.boinc.dockerwrapper.engine.EngineException;

/** What a step's exception means for the job. */
final class Failures {
  private Failures() {}

  /** An engine's fault, by what is to be done about it. */
  static Failure of(EngineException e, Step step) {
    return switch (e.fault()) {
      case UNREACHABLE, TIMEOUT -> new Failure.EngineAway(e.sentence());
      case CANCELLED -> new Failure.Cancelled();
      case NOT_FOUND, CONFLICT -> new Failure.Surprise(e.sentence());
      case DENIED, NO_SPACE -> new Failure.Host(e.sentence(), Duration.ZERO);
      case NO_COMMAND, REFUSED -> refused(e, step);
    };
  }

  /**
   * What the engine refuses in words only: while the container is made, another time may be better.
   */
  private static Failure refused(EngineException e, Step step) {
    return switch (step) {
      case IMAGE, CREATE, COPY_IN, START -> new Failure.Host(e.sentence(), Duration.ZERO);
      case ENGINE -> new Failure.EngineAway(e.sentence());
      case PLAN,
          LOOK,
          PAUSE,
          UNPAUSE,
          CONNECT,
          DISCONNECT,
          SHUTDOWN,
          STOP,
          KILL,
          PARK,
          COPY_OUT,
          REMOVE ->
          new Failure.Surprise(e.sentence());
    };
  }

  /** The slot or the project directory can't be read or written: the disk is full, or gone. */
  static Failure of(IOException e) {
    return new Failure.Host(
        "the host's file system failed: " + FileTrouble.sentence(e), Duration.ZERO);
  }
}
