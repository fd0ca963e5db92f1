package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code boinc_finish_called}: the job is done; the process exits with the same status (BOINC
 * api/boinc_api.cpp). Once the client sees it, the process has 300 s to leave.
 *
 * @param status the process status, 0 to 255
 * @param message one line for the volunteer; empty: none
 * @param notice whether the message is shown as a notice
 */
public record FinishFile(int status, String message, boolean notice) {
  /** The file's name in the slot. */
  public static final String NAME = "boinc_finish_called";

  /** Makes the message one line. */
  public FinishFile {
    if (status < 0 || status > 255) {
      throw new IllegalArgumentException("not a process status: " + status);
    }
    message = NoticeLine.oneLine(message);
  }

  /** Without a message. */
  public FinishFile(int status) {
    this(status, "", false);
  }

  /** The file in the slot; empty if there is none or it holds no status. */
  public static Optional<FinishFile> read(Path slot) throws IOException {
    Optional<List<String>> lines = NoticeLine.read(slot.resolve(NAME));
    return lines.flatMap(
        three -> {
          long status = MessageText.leadingInteger(three.get(0)).orElse(-1);
          return status >= 0 && status <= 255
              ? Optional.of(
                  new FinishFile((int) status, three.get(1), three.get(2).contains("notice")))
              : Optional.empty();
        });
  }

  /**
   * Removes what an earlier episode left: the first thing to do once the lock is held, or the
   * client aborts the job after 300 s.
   *
   * @return whether there was one
   */
  public static boolean deleteStale(Path slot) throws IOException {
    return Files.deleteIfExists(slot.resolve(NAME));
  }

  /** Writes the file; nothing else may be written to the slot after it. */
  void write(Path slot) throws IOException {
    AtomicFile.write(
        slot.resolve(NAME),
        status + "\n" + (message.isEmpty() ? "" : message + "\n" + (notice ? "notice\n" : "\n")));
  }
}
