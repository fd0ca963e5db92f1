package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.api.model.VersionComponent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.boinc.dockerwrapper.plan.EngineFacts;

/**
 * A Docker-compatible engine that answered. Every method may be called from any thread; each call
 * blocks its caller and nobody else.
 */
public final class Engine implements AutoCloseable {
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

  private static EngineFacts ask(Session session, Endpoint endpoint) throws EngineException {
    String what = "asking the engine at " + endpoint + " who it is";
    Version version = session.call(what, docker -> docker.versionCmd().exec());
    Info info = session.call(what, docker -> docker.infoCmd().exec());
    return new EngineFacts(
        product(version),
        Objects.requireNonNullElse(version.getVersion(), ""),
        Objects.requireNonNullElse(info.getSecurityOptions(), List.of()).stream()
            .anyMatch(option -> String.valueOf(option).startsWith("name=rootless")),
        Objects.requireNonNullElse(version.getArch(), ""),
        Objects.requireNonNullElse(info.getNCPU(), 0),
        Objects.requireNonNullElse(info.getMemTotal(), 0L),
        endpoint.toString());
  }

  private static EngineFacts.Product product(Version version) {
    List<VersionComponent> components =
        Objects.requireNonNullElse(version.getComponents(), List.of());
    return components.stream()
            .map(component -> String.valueOf(component.getName()).toLowerCase(Locale.ROOT))
            .anyMatch(name -> name.startsWith("podman"))
        ? EngineFacts.Product.PODMAN
        : EngineFacts.Product.DOCKER;
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
