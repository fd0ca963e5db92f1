package org.boinc.dockerwrapper.job;

import java.time.Duration;
import java.util.List;

/**
 * The table {@code [checkpoint]}.
 *
 * @param period zero: the client's preference
 * @param file the application's checkpoint file; a new modification time is a checkpoint
 * @param command run in the container to ask the application
 * @param signal sent to the container to ask the application; empty: none
 */
public record CheckpointSpec(
    Method method,
    Duration period,
    String file,
    List<String> command,
    String signal,
    OnQuit onQuit) {
  /** Who makes checkpoints. */
  public enum Method {
    AUTO,
    APP,
    CRIU,
    NONE
  }

  /** What becomes of the container when the client says quit. */
  public enum OnQuit {
    AUTO,
    PAUSE,
    STOP
  }

  /** Whether the job itself makes checkpoints. */
  public boolean byTheJob() {
    return !file.isEmpty() || !command.isEmpty() || !signal.isEmpty();
  }
}
