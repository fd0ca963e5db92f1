package org.boinc.dockerwrapper.simulate;

import java.util.Arrays;
import org.boinc.dockerwrapper.boinc.ExitStatus;

/** What the client makes of the end of a wrapper process (BOINC client/app_control.cpp). */
public sealed interface EpisodeEnd {

  /** Status 0 with a finish file: outputs are looked at and uploaded. */
  record Completed() implements EpisodeEnd {}

  /** A status other than 0: the result is reported as a failure. */
  record ComputeError(int status) implements EpisodeEnd {}

  /**
   * A valid temporary-exit file: started again after the delay.
   *
   * @param delaySeconds as the client understands the file
   * @param notice whether the volunteer is shown the reason
   */
  record TemporaryExit(int delaySeconds, String reason, boolean notice) implements EpisodeEnd {}

  /** Status 0 without a finish file: started again, but at most 100 times without a checkpoint. */
  record PrematureExit() implements EpisodeEnd {}

  /** Killed by somebody, or by the client because it read no messages: started again. */
  record Killed(String why) implements EpisodeEnd {}

  /**
   * The answer to quit; the status does not matter to the client.
   *
   * @param killed whether the client's patience ended first
   */
  record Quit(boolean killed, int status) implements EpisodeEnd {}

  /** The answer to abort, likewise; nobody wants the result any more. */
  record Aborted(boolean killed, int status) implements EpisodeEnd {}

  /** The client had died, nobody was there to judge: the next client starts the job again. */
  record ClientDied(int status) implements EpisodeEnd {}

  /** Whether the client will start the job again. */
  default boolean restarts() {
    return switch (this) {
      case Completed(), ComputeError _, Aborted _ -> false;
      case TemporaryExit _, PrematureExit(), Killed _, Quit _, ClientDied _ -> true;
    };
  }

  /** One sentence for people. */
  default String sentence() {
    return switch (this) {
      case Completed() -> "completed (status 0, finish file)";
      case ComputeError(int status) ->
          "compute error: the wrapper exited with status " + named(status);
      case TemporaryExit(int delay, String reason, _) ->
          "temporary exit for %d s: %s".formatted(delay, reason);
      case PrematureExit() -> "premature exit: status 0, but no finish file";
      case Killed(String why) -> "killed: " + why;
      case Quit(boolean killed, int status) -> left("quit", killed, status);
      case Aborted(boolean killed, int status) -> left("abort", killed, status);
      case ClientDied(int status) ->
          "the wrapper exited with status %d after its client had died".formatted(status);
    };
  }

  private static String named(int status) {
    return Arrays.stream(ExitStatus.values())
        .filter(known -> known.code() == status)
        .map(known -> "%d (%s)".formatted(status, known))
        .findFirst()
        .orElse(Integer.toString(status));
  }

  private static String left(String request, boolean killed, int status) {
    return killed
        ? "the wrapper did not obey %s in time and was killed".formatted(request)
        : "the wrapper obeyed %s (status %d)".formatted(request, status);
  }
}
