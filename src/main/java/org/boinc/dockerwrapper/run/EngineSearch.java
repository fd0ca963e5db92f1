package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.boinc.dockerwrapper.boinc.InitData.EngineHint;
import org.boinc.dockerwrapper.engine.Endpoint;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.EngineLocator;
import org.boinc.dockerwrapper.engine.EngineLocator.Located;
import org.boinc.dockerwrapper.engine.EnginePlaces;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;

/**
 * Looks for the engine while the job's files are still being read: the engine's client takes as
 * long to be loaded as all the rest. It only asks who is there.
 */
public final class EngineSearch {
  private static final Duration SEARCH_PATIENCE = Duration.ofSeconds(5);

  private static final Duration CALL_PATIENCE = Duration.ofSeconds(30);

  private final EnginePlaces places;
  private final FutureTask<Engine> early;

  private EngineSearch(EnginePlaces places) {
    this.places = places;
    this.early =
        new FutureTask<>(
            () -> connect(EngineLocator.locate(places, Optional.empty(), SEARCH_PATIENCE)));
  }

  /**
   * Begins to look.
   *
   * @param environment of the process
   */
  public static EngineSearch begin(Map<String, String> environment) {
    EngineSearch search = new EngineSearch(EnginePlaces.here(environment));
    Thread.ofPlatform().daemon().name("search").start(search.early);
    return search;
  }

  /**
   * The engine. A job never changes it between episodes: its container lives on the one it was made
   * on.
   *
   * @param remembered where that was; empty: nowhere yet
   * @param hint what the client found when it started, where it tells
   * @throws StepFailure where there is none, saying what was tried
   */
  Engine engine(String remembered, Optional<EngineHint> hint)
      throws StepFailure, EngineException, InterruptedException {
    Optional<Endpoint> told = hint.flatMap(this::inDistro);
    if (!remembered.isEmpty()) {
      return remembered(remembered, told);
    }
    Optional<Product> wanted = hint.map(EngineSearch::product);
    if (told.isPresent() && places.naming(wanted).isEmpty()) {
      Optional<Engine> inside = ifAnswering(() -> EngineLocator.at(told.get(), SEARCH_PATIENCE));
      if (inside.isPresent()) {
        forgetEarly();
        return inside.get();
      }
    }
    return engine(wanted);
  }

  private Optional<Endpoint> inDistro(EngineHint hint) {
    return hint.distro()
        .flatMap(distro -> places.inDistro(distro.name(), distro.asRoot(), product(hint)));
  }

  private static Product product(EngineHint hint) {
    return switch (hint.type()) {
      case DOCKER -> Product.DOCKER;
      case PODMAN -> Product.PODMAN;
    };
  }

  private Engine remembered(String remembered, Optional<Endpoint> told)
      throws StepFailure, EngineException, InterruptedException {
    Optional<Engine> found = foundEarly();
    if (found.isPresent() && found.get().facts().endpoint().equals(remembered)) {
      return found.get();
    }
    found.ifPresent(Engine::close);
    return connect(EngineLocator.remembered(remembered, places, told, SEARCH_PATIENCE));
  }

  /**
   * The early search began before the wish was known, and asked Docker's places first. Where both
   * products answer, a wish for Podman therefore needs a second look.
   */
  private Engine engine(Optional<Product> wanted)
      throws StepFailure, EngineException, InterruptedException {
    boolean podman = wanted.equals(Optional.of(Product.PODMAN));
    if (podman && !places.naming(wanted).equals(places.naming(Optional.empty()))) {
      forgetEarly();
      return connect(EngineLocator.locate(places, wanted, SEARCH_PATIENCE));
    }
    Engine found = early();
    if (!podman || found.facts().product() == Product.PODMAN || places.naming(wanted).isPresent()) {
      return found;
    }
    Optional<Engine> better = ifAnswering(() -> EngineLocator.podman(places, SEARCH_PATIENCE));
    if (better.isPresent()) {
      found.close();
    }
    return better.orElse(found);
  }

  /** A second search. */
  private interface Search {
    Located run() throws EngineException;
  }

  /** The engine that it finds; where there is none the first search's result stands. */
  private static Optional<Engine> ifAnswering(Search search) throws EngineException {
    try {
      return switch (search.run()) {
        case Located.Found(Endpoint endpoint) ->
            Optional.of(Engine.connect(endpoint, CALL_PATIENCE));
        case Located.NotFound _ -> Optional.empty();
      };
    } catch (EngineException silent) {
      if (silent.fault() == Fault.CANCELLED) {
        throw silent;
      }
      return Optional.empty();
    }
  }

  private void forgetEarly() {
    if (!early.cancel(true) && early.state() == Future.State.SUCCESS) {
      early.resultNow().close();
    }
  }

  /** Empty where it found none: it asked at other places than the one that counts. */
  private Optional<Engine> foundEarly() throws InterruptedException {
    try {
      return Optional.of(early());
    } catch (StepFailure | EngineException elsewhere) {
      return Optional.empty();
    }
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
    } catch (CancellationException forgotten) {
      throw new StepFailure(new Failure.EngineAway("the first search was given up"));
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
