package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the job makes checkpoints, how it is asked to, and what a quit means for it.
 *
 * @param file on the host, where the slot is mounted: its change is a checkpoint
 * @param path the same in the container, where it is not
 * @param command run in the container to ask for one; empty: none
 * @param signal sent to the container to ask for one; empty: none
 * @param period between two requests
 */
public record CheckpointPlan(
    Optional<Path> file,
    Optional<String> path,
    List<String> command,
    String signal,
    Duration period,
    OnQuit onQuit) {
  /** What becomes of the container when the client says quit. */
  public enum OnQuit {
    /** It is frozen, and keeps its memory. */
    PAUSE,
    /** It is ended after a checkpoint, and its memory is free. */
    STOP,
    /** As the volunteer has it: "leave non-GPU tasks in memory while suspended". */
    AS_PREFERRED
  }

  /** Whether anything shows that the job has made one. */
  public boolean isSeen() {
    return file.isPresent() || path.isPresent();
  }

  /** Whether it is asked to make them; else it makes them when it likes. */
  public boolean isAsked() {
    return !command.isEmpty() || !signal.isEmpty();
  }

  /**
   * Whether a quit ends the container.
   *
   * @param leaveInMemory the volunteer's preference
   */
  public boolean endsOnQuit(boolean leaveInMemory) {
    return switch (onQuit) {
      case PAUSE -> false;
      case STOP -> true;
      case AS_PREFERRED -> !leaveInMemory;
    };
  }
}
