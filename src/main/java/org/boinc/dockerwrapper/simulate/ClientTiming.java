package org.boinc.dockerwrapper.simulate;

import java.time.Duration;

/**
 * How patient the simulated client is.
 *
 * @param poll between two looks at the wrapper
 * @param exitTimeout after quit or abort, until the wrapper is killed
 * @param messageTimeout until a wrapper that reads no requests is killed
 * @param finishTimeout between finish file and exit, until the job is aborted
 */
public record ClientTiming(
    Duration poll, Duration exitTimeout, Duration messageTimeout, Duration finishTimeout) {
  /** The real client's (BOINC client/client_state.h, client/app_control.cpp). */
  public static final ClientTiming REAL =
      new ClientTiming(
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(180),
          Duration.ofSeconds(300));

  /** The same patience with another poll period. */
  public ClientTiming polling(Duration period) {
    return new ClientTiming(period, exitTimeout, messageTimeout, finishTimeout);
  }

  /** The same with another patience after quit and abort. */
  public ClientTiming exitWithin(Duration timeout) {
    return new ClientTiming(poll, timeout, messageTimeout, finishTimeout);
  }
}
