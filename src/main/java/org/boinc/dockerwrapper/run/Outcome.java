package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.ExitPlan;
import org.boinc.dockerwrapper.boinc.ExitStatus;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.boinc.TemporaryExit;

/** How an episode ended. */
public sealed interface Outcome {

  /** Container 0, outputs collected. */
  record Succeeded() implements Outcome {}

  /** The payload said it failed. */
  record PayloadFailed(int status, String sentence) implements Outcome {}

  /** The payload was ended by a limit or a signal. */
  record LimitHit(LimitKind limit, String sentence) implements Outcome {}

  /** The job can't run anywhere. */
  record JobRejected(List<String> sentences) implements Outcome {}

  /** The volunteer has not agreed to what the job asks for. */
  record ConsentMissing(String sentence) implements Outcome {}

  /** The client assigned too few GPUs. */
  record DeviceMissing(String sentence) implements Outcome {}

  /** This host can't now. */
  record HostNotReady(String reason, Duration delay) implements Outcome {}

  /** Asked to go; the job goes on another time. */
  record Left(String why) implements Outcome {}

  /** Told to throw the job away. */
  record Aborted() implements Outcome {}

  /** Something nobody thought of; the sentence is for people, the stack trace is in stderr.txt. */
  record Bug(String sentence) implements Outcome {}

  /** Which files the client finds and which status it sees. */
  default ExitPlan exitPlan() {
    return switch (this) {
      case Succeeded() -> finished(0, "");
      case PayloadFailed(int status, String _) ->
          finished(
              ExitStatus.isReserved(status) ? ExitStatus.EXIT_CHILD_FAILED.code() : status, "");
      case LimitHit(LimitKind limit, String _) -> status(limit.status());
      case JobRejected(List<String> _) -> status(ExitStatus.EXIT_INIT_FAILURE);
      case ConsentMissing(String sentence) ->
          finished(ExitStatus.EXIT_INIT_FAILURE.code(), sentence);
      case DeviceMissing(String _) -> status(ExitStatus.EXIT_MISSING_COPROC);
      case HostNotReady(String reason, Duration delay) ->
          new ExitPlan(0, Optional.empty(), Optional.of(new TemporaryExit(delay, reason, false)));
      case Left(String _) -> new ExitPlan(0, Optional.empty(), Optional.empty());
      case Aborted() -> status(ExitStatus.EXIT_ABORTED_BY_CLIENT);
      case Bug(String _) -> status(ExitStatus.EXIT_UNKNOWN);
    };
  }

  /**
   * Whether the result is settled: repeated when the wrapper is started again, never computed anew.
   */
  default boolean isDecided() {
    return switch (this) {
      case Succeeded(), PayloadFailed _, LimitHit _ -> true;
      case JobRejected _,
          ConsentMissing _,
          DeviceMissing _,
          HostNotReady _,
          Left _,
          Aborted(),
          Bug _ ->
          false;
    };
  }

  /** What stderr.txt says last, one sentence a line. */
  default List<String> sentences() {
    return switch (this) {
      case Succeeded() -> List.of("the job is done");
      case PayloadFailed(int _, String sentence) -> List.of(sentence);
      case LimitHit(LimitKind _, String sentence) -> List.of(sentence);
      case JobRejected(List<String> sentences) -> sentences;
      case ConsentMissing(String sentence) -> List.of(sentence);
      case DeviceMissing(String sentence) -> List.of(sentence);
      case HostNotReady(String reason, Duration delay) ->
          List.of("%s; trying again in %d s".formatted(reason, delay.toSeconds()));
      case Left(String why) -> List.of(why + "; the job goes on when the client starts it again");
      case Aborted() -> List.of("the client aborted the job; container and image are removed");
      case Bug(String sentence) -> List.of(sentence);
    };
  }

  /**
   * The client shows the message to the volunteer (runtime reference 4.7).
   *
   * @param notice empty: none
   */
  private static ExitPlan finished(int status, String notice) {
    return ExitPlan.finished(new FinishFile(status, notice, !notice.isEmpty()));
  }

  private static ExitPlan status(ExitStatus status) {
    return new ExitPlan(status.code(), Optional.empty(), Optional.empty());
  }
}
