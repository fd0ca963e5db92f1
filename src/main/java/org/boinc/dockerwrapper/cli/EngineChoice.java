package org.boinc.dockerwrapper.cli;

import java.time.Duration;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.Endpoint;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.EngineLocator;
import org.boinc.dockerwrapper.engine.EnginePlaces;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;
import org.boinc.dockerwrapper.plan.HostFiles;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.ImagePlan;

/**
 * The engine that a plan is for.
 *
 * @param answering present: the one of this host; else the facts are assumed
 */
record EngineChoice(EngineFacts facts, Optional<Engine> answering) implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /**
   * Docker with root, Podman without, as they mostly are; with as many CPUs and as much memory as
   * the client grants.
   */
  static EngineChoice assumed(Product product) {
    return new EngineChoice(
        new EngineFacts(product, "", product == Product.PODMAN, "", 0, 0, "", HostFiles.SAME, true),
        Optional.empty());
  }

  /** The engine that answers on this host; Docker is assumed where none does. */
  static EngineChoice ofHost(Host host) {
    try {
      return switch (EngineLocator.locate(
          EnginePlaces.here(host.environment()), Optional.empty(), PATIENCE)) {
        case EngineLocator.Located.Found(Endpoint endpoint) -> {
          Engine engine = Engine.connect(endpoint, PATIENCE);
          yield new EngineChoice(engine.facts(), Optional.of(engine));
        }
        case EngineLocator.Located.NotFound _ -> assumed(Product.DOCKER);
      };
    } catch (EngineException silent) {
      return assumed(Product.DOCKER);
    }
  }

  boolean isAssumed() {
    return answering.isEmpty();
  }

  /** What the engine says of the plan's image, if it has it by now. */
  Optional<ImageFacts> image(ImagePlan plan) {
    String name =
        switch (plan) {
          case ImagePlan.Build build -> build.name().preferred();
          case ImagePlan.Pull pull -> pull.reference();
          case ImagePlan.Load load -> load.name().preferred();
        };
    try {
      return answering.isPresent() ? answering.get().images().find(name) : Optional.empty();
    } catch (EngineException unknown) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    answering.ifPresent(Engine::close);
  }
}
