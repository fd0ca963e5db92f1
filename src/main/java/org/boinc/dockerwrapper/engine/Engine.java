package org.boinc.dockerwrapper.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.boinc.dockerwrapper.plan.HostFiles;

/**
 * A Docker-compatible engine that answered. Every method may be called from any thread; each call
 * blocks its caller and nobody else.
 */
public final class Engine implements AutoCloseable {
  private final Sessions sessions;
  private final EngineFacts facts;
  private final boolean ofThisHost;
  private final Optional<PodmanTraits> podman;

  private Engine(Sessions sessions, EngineFacts facts, boolean ofThisHost) {
    this.sessions = sessions;
    this.facts = facts;
    this.ofThisHost = ofThisHost;
    this.podman =
        switch (facts.product()) {
          case DOCKER -> Optional.empty();
          case PODMAN -> Optional.of(new PodmanTraits(facts.version()));
        };
  }

  /**
   * Asks the engine who it is.
   *
   * @param callTimeout the longest an ordinary call waits in silence; calls that may take longer
   *     say so
   */
  public static Engine connect(Endpoint endpoint, Duration callTimeout) throws EngineException {
    EngineHttpClient actions = new EngineHttpClient(endpoint, callTimeout);
    EngineHttpClient watches = new EngineHttpClient(endpoint, Duration.ZERO);
    Sessions sessions =
        new Sessions(actions, watches, new ClientConfig(), callTimeout, new CallTimes());
    boolean connected = false;
    try (Session session = sessions.action()) {
      EngineFacts facts = ask(session, endpoint);
      connected = true;
      return new Engine(sessions, facts, endpoint.isOfThisHost());
    } finally {
      if (!connected) {
        actions.close();
        watches.close();
      }
    }
  }

  /** Not /version, for which the engine asks other programs. */
  private static EngineFacts ask(Session session, Endpoint endpoint) throws EngineException {
    String what = "asking the engine at " + endpoint + " who it is";
    Optional<EngineFacts> local =
        session
            .head(what, EngineRequest.get("/_ping"), PodmanTraits.VERSION_HEADER)
            .flatMap(header -> header)
            .flatMap(version -> LocalPodman.facts(endpoint, version));
    if (local.isPresent()) {
      return local.get();
    }
    Session.Answer answer = session.answer(what, EngineRequest.get("/info"));
    Json info = answer.document();
    EngineFacts.Product product =
        answer.headers().containsKey(PodmanTraits.VERSION_HEADER)
            ? EngineFacts.Product.PODMAN
            : EngineFacts.Product.DOCKER;
    return new EngineFacts(
        product,
        info.path("ServerVersion").text(),
        rootless(info),
        architecture(info.path("Architecture").text()),
        (int) info.path("NCPU").number(),
        info.path("MemTotal").number(),
        endpoint.toString(),
        SharedFiles.of(endpoint, product),
        product == EngineFacts.Product.PODMAN
            ? PodmanTraits.knowsCdi(info.path("ServerVersion").text())
            : info.path("CDISpecDirs").items().findAny().isPresent());
  }

  /** Docker says it among its options, Podman in a field of its own. */
  private static boolean rootless(Json info) {
    return info.path("Rootless").flag()
        || info.path("SecurityOptions")
            .items()
            .anyMatch(option -> option.text().startsWith("name=rootless"));
  }

  /** As images name it, which is Go's way; Docker tells the kernel's. */
  private static String architecture(String told) {
    return switch (told) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      case "i386", "i686" -> "386";
      case "armv6l", "armv7l" -> "arm";
      case "loongarch64" -> "loong64";
      default -> told;
    };
  }

  /** What the planner needs to know. */
  public EngineFacts facts() {
    return facts;
  }

  /** Asks what it says of itself beyond that. */
  public EngineCondition condition() throws EngineException {
    try (Session session = sessions.action()) {
      return EngineCondition.of(
          session.demand("asking the engine how it is", EngineRequest.get("/info")));
    }
  }

  /** Where it writes what becomes an image, on this host; none where that is not to be seen. */
  public List<Path> storage() throws EngineException {
    String root = facts.files() == HostFiles.SAME ? condition().rootDirectory() : "";
    if (root.isEmpty()) {
      return List.of();
    }
    Path images = Path.of(root);
    return podman.isPresent() ? List.of(images, PodmanTraits.SPOOL) : List.of(images);
  }

  /** See {@link Endpoint#isOfThisHost}. */
  public boolean isOfThisHost() {
    return ofThisHost;
  }

  /** Tells from now on how long each action took, with the words for what it was. */
  public void tellCalls(BiConsumer<String, Duration> listener) {
    sessions.times().tell(listener);
  }

  /** Building, pulling, loading, removing images. */
  public Images images() {
    return new Images(sessions, podman);
  }

  /** The life of containers. */
  public Containers containers() {
    return new Containers(sessions, facts, podman);
  }

  /** Networks that containers share. */
  public Networks networks() {
    return new Networks(sessions);
  }

  /** Commands in running containers. */
  public Commands commands() {
    return new Commands(sessions);
  }

  /** Files in and out of containers. */
  public TarCopy copies() {
    return new TarCopy(sessions, podman);
  }

  /**
   * Ends the actions in progress with {@link Fault#CANCELLED}; waits and followed logs go on, and
   * later actions work. What the engine has begun it may still complete.
   */
  public void cancel() {
    sessions.actions().cancel();
  }

  /** Ends everything, waits and logs too. */
  @Override
  public void close() {
    sessions.actions().close();
    sessions.watches().close();
  }
}
