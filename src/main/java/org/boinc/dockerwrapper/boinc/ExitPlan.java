package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the client finds after the process has ended: at most one of the two files, and a status.
 *
 * @param status of the process, 0 to 255
 * @param finish present if the job is done
 * @param temporaryExit present if the job is to be started again later; then the status is 0
 */
public record ExitPlan(
    int status, Optional<FinishFile> finish, Optional<TemporaryExit> temporaryExit) {

  /** Refuses what the client would misunderstand. */
  public ExitPlan {
    boolean clear = temporaryExit.isEmpty() || (finish.isEmpty() && status == 0);
    boolean same = finish.isEmpty() || finish.get().status() == status;
    if (status < 0 || status > 255 || !clear || !same) {
      throw new IllegalArgumentException(
          "the client would misunderstand: status %d, %s, %s"
              .formatted(status, finish, temporaryExit));
    }
  }

  /** The job is done. */
  public static ExitPlan finished(FinishFile finish) {
    return new ExitPlan(finish.status(), Optional.of(finish), Optional.empty());
  }

  /** The job is to be started again after a while. */
  public static ExitPlan later(TemporaryExit temporaryExit) {
    return new ExitPlan(0, Optional.empty(), Optional.of(temporaryExit));
  }

  /** No file: with status 0 the job is started again, with any other it has failed. */
  public static ExitPlan bare(int status) {
    return new ExitPlan(status, Optional.empty(), Optional.empty());
  }

  /**
   * Removes such files of any other origin, then writes ours; the finish file is the last write.
   */
  public void leaveFiles(Path slot) throws IOException {
    Files.deleteIfExists(slot.resolve(FinishFile.NAME));
    Files.deleteIfExists(slot.resolve(TemporaryExit.NAME));
    if (temporaryExit.isPresent()) {
      temporaryExit.get().write(slot);
    }
    if (finish.isPresent()) {
      finish.get().write(slot);
    }
  }
}
