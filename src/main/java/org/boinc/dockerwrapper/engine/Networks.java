package org.boinc.dockerwrapper.engine;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/** Networks that containers share. */
public final class Networks {
  /**
   * Docker's network with a way out, and Podman's, which has another name and answers to this one.
   */
  public static final String OUTSIDE = "bridge";

  private final Sessions sessions;

  Networks(Sessions sessions) {
    this.sessions = sessions;
  }

  /**
   * Puts a container on a network, running or not.
   *
   * @throws EngineException also where it is on it already, with whatever fault
   */
  public void connect(String network, String container) throws EngineException {
    act(network, "/connect", "connecting", container);
  }

  /**
   * Takes a container off a network, with its published ports; one that does not run starts without
   * it.
   *
   * @throws EngineException also where it is not on it, with whatever fault
   */
  public void disconnect(String network, String container) throws EngineException {
    act(network, "/disconnect", "disconnecting", container);
  }

  private void act(String network, String action, String what, String container)
      throws EngineException {
    JsonObject document = new JsonObject();
    document.addProperty("Container", container);
    try (Session session = sessions.action()) {
      session.act(
          "%s container %s and network %s".formatted(what, container, network),
          EngineRequest.post("/networks/" + network + action, Map.of(), document));
    }
  }

  /** Whatever networks there are. */
  public List<ListedNetwork> list() throws EngineException {
    try (Session session = sessions.action()) {
      return session
          .demand("listing networks", EngineRequest.get("/networks"))
          .items()
          .map(Listings::network)
          .toList();
    }
  }

  /**
   * Removes a network.
   *
   * @return false: a container uses it, so it stays
   */
  public boolean remove(String id) throws EngineException {
    try (Session session = sessions.action()) {
      session.act("removing network " + id, EngineRequest.delete("/networks/" + id, Map.of()));
      return true;
    } catch (EngineException e) {
      return switch (e.fault()) {
        case NOT_FOUND -> true;
        case CONFLICT, DENIED -> false;
        case UNREACHABLE, TIMEOUT, NO_SPACE, REFUSED, CANCELLED -> throw e;
      };
    }
  }
}
