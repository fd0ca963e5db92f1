package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.boinc.dockerwrapper.engine.Endpoint;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.EngineLocator;
import org.boinc.dockerwrapper.engine.EngineLocator.Located;

/**
 * Looks for the engine while the job's files are still being read: the engine's client takes as
 * long to be loaded as all the rest. It only asks who is there.
 */
public final class EngineSearch {
  private static final Duration SEARCH_PATIENCE = Duration.ofSeconds(5);

  private static final Duration CALL_PATIENCE = Duration.ofSeconds(30);

  private final FutureTask<Engine> early;

  private EngineSearch(Map<String, String> environment) {
    this.early =
        new FutureTask<>(
            () ->
                connect(
                    EngineLocator.locate(
                        environment, EngineLocator.standardPlaces(environment), SEARCH_PATIENCE)));
  }

  /**
   * Begins to look.
   *
   * @param environment of the process
   */
  public static EngineSearch begin(Map<String, String> environment) {
    EngineSearch search = new EngineSearch(environment);
    Thread.ofPlatform().daemon().name("search").start(search.early);
    return search;
  }

  /**
   * The engine. A job never changes it between episodes: its container lives on the one it was made
   * on.
   *
   * @param remembered where that was; empty: nowhere yet
   * @throws StepFailure where there is none, saying what was tried
   */
  Engine engine(String remembered) throws StepFailure, EngineException, InterruptedException {
    if (remembered.isEmpty()) {
      return early();
    }
    try {
      Engine found = early();
      if (found.facts().endpoint().equals(remembered)) {
        return found;
      }
      found.close();
    } catch (StepFailure | EngineException elsewhere) {
      // Not what was asked for: the search below says what is wrong with the right place.
      return connect(EngineLocator.remembered(remembered, SEARCH_PATIENCE));
    }
    return connect(EngineLocator.remembered(remembered, SEARCH_PATIENCE));
  }

  private Engine early() throws StepFailure, EngineException, InterruptedException {
    try {
      return early.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case StepFailure none -> throw none;
        case EngineException fault -> throw fault;
        case RuntimeException defect -> throw defect;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private static Engine connect(Located located) throws StepFailure, EngineException {
    return switch (located) {
      case Located.Found(Endpoint endpoint) -> Engine.connect(endpoint, CALL_PATIENCE);
      case Located.NotFound(var attempts) ->
          throw new StepFailure(
              new Failure.EngineAway(
                  "no container engine can be reached: " + String.join("; ", attempts)));
    };
  }
}
