package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which client's jobs a verb is about. */
final class HostJobs {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Only jobs of the client with this data directory (default: of all).")
  private @Nullable Path dataDirectory;

  /** Those with a container. */
  List<HostJob> withContainer(Engine engine) throws EngineException {
    return HostJob.of(engine.containers().list(), client());
  }

  /** Those without one, too, as far as the client's slots may be read. */
  List<HostJob> all(Engine engine) throws EngineException, IOException {
    List<HostJob> jobs = new ArrayList<>(withContainer(engine));
    Set<Path> known = jobs.stream().map(HostJob::slot).collect(Collectors.toSet());
    Optional<Path> client = DataDirectory.of(dataDirectory).filter(Files::isReadable);
    if (client.isPresent()) {
      HostJob.inSlotsOf(client.get()).stream()
          .filter(job -> !known.contains(job.slot()))
          .forEach(jobs::add);
    }
    return jobs;
  }

  private Optional<Path> client() {
    return Optional.ofNullable(dataDirectory).flatMap(DataDirectory::of);
  }
}
