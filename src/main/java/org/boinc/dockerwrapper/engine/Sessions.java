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

  /** For calls that may take longer than others; zero: without limit. */
  Session action(Duration silence) {
    return new Session(actions, config, silence);
  }

  /** For waiting. */
  Session watch() {
    return new Session(watches, config, Duration.ZERO);
  }
}
