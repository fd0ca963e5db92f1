package org.boinc.dockerwrapper.run;

import java.util.Locale;

/** One word or two for each state, for the log and the journal. */
final class Phases {
  private Phases() {}

  static String of(JobState state) {
    return switch (state) {
      case JobState.Preparing(Step step, JobState.Waiting waiting, Wishes _, var _, var _, var _) ->
          waiting == JobState.Waiting.NO
              ? "PREPARING " + lower(step)
              : "WAITING for " + lower(waiting);
      case JobState.Running running ->
          running.motion() + (running.link() == JobState.Link.DOWN ? " without network" : "");
      case JobState.Stopping _ -> "STOPPING";
      case JobState.Collecting _ -> "COLLECTING";
      case JobState.Leaving leaving -> "LEAVING " + lower(leaving.step());
      case JobState.Ended(Outcome outcome) -> "ENDED " + outcome.getClass().getSimpleName();
    };
  }

  private static String lower(Enum<?> name) {
    return name.toString().toLowerCase(Locale.ROOT);
  }
}
