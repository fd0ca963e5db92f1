package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.Endpoint;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.EngineLocator;
import org.boinc.dockerwrapper.engine.EnginePlaces;

/** The engine that a wrapper would find on this host, for verbs that can do nothing without. */
final class HostEngine {
  private static final Duration SEARCH = Duration.ofSeconds(5);
  private static final Duration CALL = Duration.ofSeconds(30);

  private HostEngine() {}

  /**
   * Connects.
   *
   * @throws IOException where none answers, saying what was tried
   */
  static Engine connect() throws IOException {
    try {
      return switch (EngineLocator.locate(
          EnginePlaces.here(System.getenv()), Optional.empty(), SEARCH)) {
        case EngineLocator.Located.Found(Endpoint endpoint) -> connect(endpoint);
        case EngineLocator.Located.NotFound(var attempts) ->
            throw new IOException(
                "no container engine can be reached: " + String.join("; ", attempts));
      };
    } catch (EngineException e) {
      throw failure(e);
    }
  }

  /** Connects to one that is known. */
  static Engine connect(Endpoint endpoint) throws EngineException {
    return Engine.connect(endpoint, CALL);
  }

  /** What the engine can't do, this host can't. */
  static IOException failure(EngineException e) {
    return new IOException(e.sentence(), e);
  }
}
