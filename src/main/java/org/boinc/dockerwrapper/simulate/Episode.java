package org.boinc.dockerwrapper.simulate;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.AppStatus;

/**
 * What the client saw of one wrapper process.
 *
 * @param number 1 for the first
 * @param end what the client makes of it
 * @param status the process's exit status; 128 + n if signal n killed it
 * @param elapsed from launch to exit
 * @param reports every status report, oldest first
 * @param graphicsUrl what the wrapper said about web graphics last
 */
public record Episode(
    int number,
    EpisodeEnd end,
    int status,
    Duration elapsed,
    List<AppStatus> reports,
    Optional<String> graphicsUrl) {

  /** Copies the reports. */
  public Episode {
    reports = List.copyOf(reports);
  }
}
