package org.boinc.dockerwrapper.engine;

import java.util.List;

/** Networks that containers share. */
public final class Networks {
  private final Sessions sessions;

  Networks(Sessions sessions) {
    this.sessions = sessions;
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
      session.act(
          "removing network " + id, EngineRequest.delete("/networks/" + id, java.util.Map.of()));
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
