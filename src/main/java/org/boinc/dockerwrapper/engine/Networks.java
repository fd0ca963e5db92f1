package org.boinc.dockerwrapper.engine;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
   * The network of this name, made where there is none: one without a way out.
   *
   * @return the address that it has on the engine's host, where the engine tells it
   */
  public Optional<String> obtain(String name, Map<String, String> labels) throws EngineException {
    String what = "making network " + name;
    JsonObject request = new JsonObject();
    request.addProperty("Name", name);
    request.addProperty("Driver", "bridge");
    request.addProperty("Internal", true);
    request.addProperty("CheckDuplicate", true);
    request.add("Labels", Json.of(labels));
    try (Session session = sessions.action()) {
      EngineRequest inspection = EngineRequest.get("/networks/" + name);
      Optional<Json> there = session.ask(what, inspection);
      if (there.isEmpty()) {
        session.demand(what, EngineRequest.post("/networks/create", Map.of(), request));
        there = session.ask(what, inspection);
      }
      return there.stream()
          .flatMap(network -> network.path("IPAM").path("Config").items())
          .map(range -> range.path("Gateway").text())
          .filter(gateway -> gateway.indexOf('.') > 0)
          .map(gateway -> gateway.replaceFirst("/.*", ""))
          .findFirst();
    }
  }

  /** Removes those with all of these labels; one that is in use stays. */
  public void removeAll(Map<String, String> labels) throws EngineException {
    for (ListedNetwork network : list()) {
      if (network.labels().entrySet().containsAll(labels.entrySet())) {
        remove(network.id());
      }
    }
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
        case UNREACHABLE, TIMEOUT, NO_SPACE, NO_COMMAND, REFUSED, CANCELLED -> throw e;
      };
    }
  }
}
