package org.boinc.dockerwrapper.engine;

import java.time.Duration;

/**
 * Where sessions come from.
 *
 * @param actions what {@link Engine#cancel} ends
 * @param watches long waits and logs, which outlive a cancelled action
 * @param patience silence that an ordinary call bears
 */
record Sessions(
    EngineHttpClient actions, EngineHttpClient watches, ClientConfig config, Duration patience) {

  /** For ordinary calls. */
  Session action() {
    return action(patience);
  }

  /** For calls that take longer than others. */
  Session action(Duration limit) {
    return new Session(actions, config, limit, limit);
  }

  /**
   * For streams and transfers, and ordinary calls around them.
   *
   * @param silence that those bear; zero: any
   */
  Session transfer(Duration silence) {
    return new Session(actions, config, patience, silence);
  }

  /** For waiting. */
  Session watch() {
    return new Session(watches, config, patience, Duration.ZERO);
  }
}
