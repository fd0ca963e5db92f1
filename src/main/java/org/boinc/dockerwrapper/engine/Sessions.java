package org.boinc.dockerwrapper.engine;

import java.time.Duration;

/**
 * Where sessions come from.
 *
 * @param actions what {@link Engine#cancel} ends
 * @param watches long waits and logs, which outlive a cancelled action
 * @param times told how long actions took
 * @param patience silence that an ordinary call bears
 */
record Sessions(
    EngineHttpClient actions,
    EngineHttpClient watches,
    ClientConfig config,
    Duration patience,
    CallTimes times) {

  /** For ordinary calls. */
  Session action() {
    return action(patience);
  }

  /** For calls that take longer than others. */
  Session action(Duration limit) {
    return new Session(actions, config, limit, limit, times);
  }

  /**
   * For streams and transfers, and ordinary calls around them.
   *
   * @param silence that those bear; zero: any
   */
  Session transfer(Duration silence) {
    return new Session(actions, config, patience, silence, times);
  }

  /** For waiting. */
  Session watch() {
    return new Session(watches, config, patience, Duration.ZERO, CallTimes.UNHEARD);
  }
}
