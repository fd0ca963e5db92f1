package org.boinc.dockerwrapper.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;

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

  /**
   * For a service that is started for it: mostly 0.2 s, longer where a user's Podman runs for the
   * first time.
   */
  private static final Duration STARTING = Duration.ofSeconds(20);

  private EngineLocator() {}

  /**
   * Asks where the environment says and nowhere else, or at each place in turn where it says
   * nothing: sockets, then Podman's own service, which is started for it, then the command lines.
   *
   * @param wanted whose places come first
   * @param patience for each place
   * @throws EngineException CANCELLED if the thread is interrupted
   */
  public static Located locate(EnginePlaces places, Optional<Product> wanted, Duration patience)
      throws EngineException {
    List<String> attempts = new ArrayList<>();
    Optional<String> variable = places.naming(wanted);
    if (variable.isPresent()) {
      return ask(
          places.named(variable.get(), attempts).map(Set::of).orElse(Set.of()), attempts, patience);
    }
    Located located = ask(places.sockets(wanted, attempts), attempts, patience);
    if (located instanceof Located.NotFound) {
      located = ask(places.services(), attempts, patience);
    }
    return located instanceof Located.Found
        ? located
        : ask(places.commands(wanted, attempts), attempts, patience);
  }

  /** Asks at one place. */
  public static Located at(Endpoint place, Duration patience) throws EngineException {
    return ask(List.of(place), new ArrayList<>(), patience);
  }

  /** Asks only where Podman may be and nobody else is. */
  public static Located podman(EnginePlaces places, Duration patience) throws EngineException {
    List<String> attempts = new ArrayList<>();
    Located located = ask(places.podmanSockets(), attempts, patience);
    if (located instanceof Located.NotFound) {
      located = ask(places.services(), attempts, patience);
    }
    return located instanceof Located.Found
        ? located
        : ask(places.podmanCommand(), attempts, patience);
  }

  /**
   * Asks only where the engine of this job was before: its container is there and nowhere else.
   *
   * @param endpoint {@link Endpoint}'s text, from the journal
   * @param places of this host: a command that is none of them is not run
   * @param told unless it is what the client told of
   */
  public static Located remembered(
      String endpoint, EnginePlaces places, Optional<Endpoint> told, Duration patience)
      throws EngineException {
    Optional<Endpoint> read = Endpoint.parse(endpoint);
    if (read.isEmpty()) {
      return new Located.NotFound(
          List.of("the remembered engine %s is not %s".formatted(endpoint, Endpoint.FORMS)));
    }
    if (read.get() instanceof Endpoint.Command command && !places.mayRun(command, told)) {
      return new Located.NotFound(
          List.of(
              "the job's engine was reached by a command that this host no longer names: "
                  + String.join(" ", command.words())));
    }
    return ask(List.of(read.get()), new ArrayList<>(), patience);
  }

  /** Asks at each in turn. */
  static Located ask(Collection<Endpoint> places, List<String> attempts, Duration patience)
      throws EngineException {
    for (Endpoint place : places) {
      Duration time = place instanceof Endpoint.Service ? STARTING : patience;
      try (EngineHttpClient http = new EngineHttpClient(place, time);
          Session session = new Session(http, new ClientConfig(), time, time)) {
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
