package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.clean.Sweep;
import org.boinc.dockerwrapper.engine.Endpoint;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.run.ImageLedger;
import org.boinc.dockerwrapper.run.ImageUse;

/** Images that the wrapper made for an app version that exists in a simulation only. */
final class SimulationLeftOvers {
  private SimulationLeftOvers() {}

  /**
   * Removes those whose project's directory is gone by now, on the engines that the wrapper noted.
   *
   * @param dataDirectory of the simulated client
   * @return what could not be done, one sentence each
   */
  static List<String> remove(Path dataDirectory) throws IOException, InterruptedException {
    Path client = dataDirectory.toRealPath();
    Set<String> noted = new LinkedHashSet<>();
    for (ImageLedger ledger : ImageLedger.all(client.resolve("projects"))) {
      ledger.read().stream().map(ImageUse::endpoint).forEach(noted::add);
    }
    List<String> problems = new ArrayList<>();
    for (String text : noted) {
      Optional<Endpoint> endpoint = Endpoint.parse(text).filter(Endpoint::isOfThisHost);
      if (endpoint.isEmpty()) {
        problems.add("images stay at %s, which may be another host's".formatted(text));
        continue;
      }
      try (Engine engine = HostEngine.connect(endpoint.get())) {
        Sweep sweep =
            new Sweep(engine, client, Sweep.DISK_CAP, Duration.ZERO, Duration.ofSeconds(30));
        problems.addAll(sweep.clean().problems());
      } catch (EngineException e) {
        problems.add(e.sentence());
      }
    }
    return problems;
  }
}
