package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code boinc_temporary_exit}: the job can't run now and wants to be started again later (BOINC
 * client/app_control.cpp).
 *
 * @param delay at most a day
 * @param reason one line, never empty: without it the client ignores the file and counts a
 *     premature exit
 * @param notice whether the reason is shown as a notice
 */
public record TemporaryExit(Duration delay, String reason, boolean notice) {
  /** The file's name in the slot. */
  public static final String NAME = "boinc_temporary_exit";

  /** The client takes a longer delay for 300 s. */
  public static final Duration MAX_DELAY = Duration.ofDays(1);

  /** Brings the delay into its bounds and makes the reason one line. */
  public TemporaryExit {
    if (delay.isNegative()) {
      delay = Duration.ZERO;
    } else if (delay.compareTo(MAX_DELAY) > 0) {
      delay = MAX_DELAY;
    }
    reason = NoticeLine.oneLine(reason);
    if (reason.isEmpty()) {
      throw new IllegalArgumentException("a temporary exit needs a reason");
    }
  }

  /** The file in the slot; empty if there is none that the client would accept. */
  public static Optional<TemporaryExit> read(Path slot) throws IOException {
    Optional<List<String>> lines =
        NoticeLine.read(slot.resolve(NAME)).filter(three -> !three.get(1).isEmpty());
    return lines.map(
        three -> {
          OptionalLong seconds = MessageText.leadingInteger(three.get(0));
          boolean valid =
              seconds.isPresent()
                  && seconds.getAsLong() >= 0
                  && seconds.getAsLong() <= MAX_DELAY.toSeconds();
          return new TemporaryExit(
              valid ? Duration.ofSeconds(seconds.getAsLong()) : Duration.ofMinutes(5),
              three.get(1),
              three.get(2).contains("notice"));
        });
  }

  void write(Path slot) throws IOException {
    AtomicFile.write(
        slot.resolve(NAME), delay.toSeconds() + "\n" + reason + "\n" + (notice ? "notice\n" : ""));
  }
}
