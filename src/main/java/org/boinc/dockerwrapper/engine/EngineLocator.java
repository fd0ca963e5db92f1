package org.boinc.dockerwrapper.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the engine by asking at each place where one may listen. */
public final class EngineLocator {

  /** What became of the search. */
  public sealed interface Located {
    /** The first that answered. */
    record Found(Endpoint endpoint) implements Located {}

    /**
     * None answered.
     *
     * @param attempts one sentence for each place
     */
    record NotFound(List<String> attempts) implements Located {}
  }

  private EngineLocator() {}

  /**
   * Asks where {@code DOCKER_HOST} says and nowhere else, or at each candidate where it says
   * nothing: a volunteer who names a rootless engine does not want jobs on the rootful one while it
   * is down.
   *
   * @param environment of the process
   * @param patience for each place
   * @throws EngineException CANCELLED if the thread is interrupted
   */
  public static Located locate(
      Map<String, String> environment, List<Endpoint> candidates, Duration patience)
      throws EngineException {
    List<String> attempts = new ArrayList<>();
    Set<Endpoint> places = new LinkedHashSet<>();
    String host = environment.getOrDefault("DOCKER_HOST", "");
    if (!host.isEmpty()) {
      Endpoint.parse(host)
          .ifPresentOrElse(
              places::add,
              () -> attempts.add("DOCKER_HOST is " + host + ": only unix:///path is supported"));
    } else {
      places.addAll(candidates);
    }
    return ask(places, attempts, patience);
  }

  /**
   * Asks only where the engine of this job was before: its container is there and nowhere else.
   *
   * @param endpoint {@link Endpoint}'s text, from the journal
   */
  public static Located remembered(String endpoint, Duration patience) throws EngineException {
    List<String> attempts = new ArrayList<>();
    Set<Endpoint> places = new LinkedHashSet<>();
    Endpoint.parse(endpoint)
        .ifPresentOrElse(
            places::add,
            () -> attempts.add("the remembered engine " + endpoint + " is no unix:///path"));
    return ask(places, attempts, patience);
  }

  /** Where engines listen unless told otherwise: Docker, Docker rootless, Podman's service. */
  public static List<Endpoint> standardPlaces(Map<String, String> environment) {
    List<Endpoint> places = new ArrayList<>();
    places.add(new Endpoint.UnixSocket(Path.of("/var/run/docker.sock")));
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    Endpoint.parse(Endpoint.UNIX + runtime + "/docker.sock")
        .filter(place -> !runtime.isEmpty())
        .ifPresent(places::add);
    Endpoint.parse(Endpoint.UNIX + runtime + "/podman/podman.sock")
        .filter(place -> !runtime.isEmpty())
        .ifPresent(places::add);
    places.add(new Endpoint.UnixSocket(Path.of("/run/podman/podman.sock")));
    return places;
  }

  private static Located ask(Set<Endpoint> places, List<String> attempts, Duration patience)
      throws EngineException {
    for (Endpoint place : places) {
      try (EngineHttpClient http = new EngineHttpClient(place, patience);
          Session session = new Session(http, new ClientConfig(), patience, patience)) {
        session.act("asking at " + place, EngineRequest.get("/_ping"));
        return new Located.Found(place);
      } catch (EngineException silent) {
        if (silent.fault() == Fault.CANCELLED) {
          throw silent;
        }
        attempts.add(silent.sentence());
      }
    }
    return new Located.NotFound(List.copyOf(attempts));
  }
}
