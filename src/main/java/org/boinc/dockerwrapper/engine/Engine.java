package org.boinc.dockerwrapper.engine;

import java.time.Duration;
import org.boinc.dockerwrapper.plan.EngineFacts;

/**
 * A Docker-compatible engine that answered. Every method may be called from any thread; each call
 * blocks its caller and nobody else.
 */
public final class Engine implements AutoCloseable {
  /** In every answer of Podman's and in none of Docker's (Podman pkg/api/server). */
  private static final String PODMANS_OWN = "Libpod-API-Version";

  private final Sessions sessions;
  private final EngineFacts facts;

  private Engine(Sessions sessions, EngineFacts facts) {
    this.sessions = sessions;
    this.facts = facts;
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
    Sessions sessions = new Sessions(actions, watches, new ClientConfig(), callTimeout);
    boolean connected = false;
    try (Session session = sessions.action()) {
      EngineFacts facts = ask(session, endpoint);
      connected = true;
      return new Engine(sessions, facts);
    } finally {
      if (!connected) {
        actions.close();
        watches.close();
      }
    }
  }

  /** One request for all: what /version says the engine has to ask other programs for. */
  private static EngineFacts ask(Session session, Endpoint endpoint) throws EngineException {
    Session.Answer answer =
        session.answer(
            "asking the engine at " + endpoint + " who it is", EngineRequest.get("/info"));
    Json info = answer.document();
    return new EngineFacts(
        answer.headers().containsKey(PODMANS_OWN)
            ? EngineFacts.Product.PODMAN
            : EngineFacts.Product.DOCKER,
        info.path("ServerVersion").text(),
        info.path("SecurityOptions")
            .items()
            .anyMatch(option -> option.text().startsWith("name=rootless")),
        architecture(info.path("Architecture").text()),
        (int) info.path("NCPU").number(),
        info.path("MemTotal").number(),
        endpoint.toString());
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

  /** Building, pulling, loading, removing images. */
  public Images images() {
    return new Images(sessions);
  }

  /** The life of containers. */
  public Containers containers() {
    return new Containers(sessions);
  }

  /** Commands in running containers. */
  public Commands commands() {
    return new Commands(sessions);
  }

  /** Files in and out of containers. */
  public TarCopy copies() {
    return new TarCopy(sessions);
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
