package org.boinc.dockerwrapper.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.Endpoint;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.EngineLocator;
import org.boinc.dockerwrapper.engine.EnginePlaces;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.Mount;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.boinc.dockerwrapper.plan.Privileges;
import org.boinc.dockerwrapper.plan.ResourceLimits;

/**
 * The real engine of the integration tests. A missing one is an error, not a skipped test. Whatever
 * carries its label is removed when it is closed.
 */
public final class TestEngine implements AutoCloseable {
  /** On everything that a test makes. */
  public static final String LABEL = "boinc.test";

  /** Made by {@code scripts/engines}. */
  public static final String IMAGE = "boinc-test/busybox:1";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String run = UUID.randomUUID().toString();
  private final Endpoint endpoint;
  private final Engine engine;
  private final ImageFacts image;

  public TestEngine() throws EngineException {
    this.endpoint = locate();
    this.engine = Engine.connect(endpoint, PATIENCE);
    if (engine.facts().product() != EngineUnderTest.IT.product()) {
      throw new AssertionError(
          "%s answers at %s, and the tests are to run on %s: run scripts/engines start %s"
              .formatted(
                  engine.facts().product(), endpoint, EngineUnderTest.IT, EngineUnderTest.IT));
    }
    this.image =
        engine
            .images()
            .find(IMAGE)
            .orElseThrow(
                () ->
                    new AssertionError(
                        "no image %s at %s: run scripts/engines images %s"
                            .formatted(IMAGE, endpoint, EngineUnderTest.IT)));
  }

  /** The engine that DOCKER_HOST names, or the one at the usual place. */
  public static Endpoint locate() throws EngineException {
    return switch (EngineLocator.locate(
        EnginePlaces.here(System.getenv()), Optional.empty(), Duration.ofSeconds(10))) {
      case EngineLocator.Located.Found(Endpoint found) -> found;
      case EngineLocator.Located.NotFound(List<String> attempts) ->
          throw new AssertionError(
              "no engine answers: run scripts/engines start %s; %s"
                  .formatted(EngineUnderTest.IT, attempts));
    };
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  /** The socket, for a {@link FaultyProxy}. */
  public Path socket() {
    return switch (endpoint) {
      case Endpoint.UnixSocket(Path path) -> path;
      case Endpoint.Tcp _, Endpoint.Command _, Endpoint.Service _, Endpoint.NamedPipe _ ->
          throw new AssertionError("the tests need an engine at a Unix socket, not " + endpoint);
    };
  }

  public Engine engine() {
    return engine;
  }

  public ImageFacts image() {
    return image;
  }

  /** What this engine's things are found by. */
  public Map<String, String> labels() {
    return Map.of(LABEL, run);
  }

  /** A name that no other test has. */
  public String name() {
    return "boinc_test_" + UUID.randomUUID();
  }

  /** A container that runs a shell script. */
  public ContainerPlan shell(String script) {
    return shell(script, List.of(), NetworkPlan.NONE);
  }

  public ContainerPlan shell(String script, List<Mount> mounts, NetworkPlan network) {
    return shell(script, mounts, network, Map.of());
  }

  private ContainerPlan shell(
      String script, List<Mount> mounts, NetworkPlan network, Map<String, String> more) {
    Map<String, String> labels = new HashMap<>(more);
    labels.putAll(labels());
    return new ContainerPlan(
        new ContainerPlan.RunAs.Ids(1000, 1000),
        "boinc",
        List.of(),
        List.of("/bin/sh", "-c", script),
        List.of(),
        "",
        Map.of("BOINC_TEST", "a b=c"),
        mounts,
        new ResourceLimits(
            0.5, 64L << 20, 0, 16L << 20, 64, Map.of("nofile", 256L), 0, 128, Optional.empty()),
        network,
        Privileges.NONE,
        Optional.empty(),
        true,
        false,
        "SIGTERM",
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        List.of(),
        labels,
        Optional.empty());
  }

  /** Created, not started. */
  public String create(String script) throws EngineException {
    return create(script, Map.of());
  }

  /** The same with more labels. */
  public String create(String script, Map<String, String> more) throws EngineException {
    return engine
        .containers()
        .create(name(), shell(script, List.of(), NetworkPlan.NONE, more), image);
  }

  /** Created and started. */
  public String start(String script) throws EngineException {
    String id = create(script);
    engine.containers().start(id, PATIENCE);
    return id;
  }

  /** Run to its end. */
  public String finished(String script) throws EngineException {
    String id = start(script);
    int status = engine.containers().awaitExit(id);
    if (status != 0) {
      throw new AssertionError("the container ended with " + status + ": " + script);
    }
    return id;
  }

  @Override
  public void close() throws EngineException {
    try {
      removeContainers();
    } finally {
      engine.close();
    }
  }

  /** All that carry the label. */
  public void removeContainers() throws EngineException {
    for (ContainerSighting container : engine.containers().find(labels())) {
      engine.containers().remove(container.id());
    }
  }
}
