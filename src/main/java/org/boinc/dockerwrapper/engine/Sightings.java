package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.model.MemoryStatsConfig;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StatsConfig;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the engine's descriptions of containers (Docker API, ContainerInspect). */
final class Sightings {
  private Sightings() {}

  static ContainerSighting of(Json seen) {
    Json state = seen.path("State");
    String name = seen.path("Name").text();
    return new ContainerSighting(
        seen.path("Id").text(),
        name.startsWith("/") ? name.substring(1) : name,
        state(state),
        (int) state.path("ExitCode").number(),
        state.path("OOMKilled").flag(),
        state.path("Error").text(),
        moment(state.path("StartedAt").text()),
        moment(state.path("FinishedAt").text()),
        state.path("Pid").number(),
        seen.path("Image").text(),
        seen.path("Config").path("Labels").texts(),
        seen.path("NetworkSettings").path("Networks").names());
  }

  /** A word that the API does not document: running or not is known nevertheless. */
  private static ContainerState state(Json state) {
    return ContainerState.of(state.path("Status").text())
        .orElse(state.path("Running").flag() ? ContainerState.RUNNING : ContainerState.EXITED);
  }

  /** The API's zero time, of the year 1, means never. */
  static Optional<Instant> moment(String text) {
    try {
      return Optional.of(text)
          .filter(present -> !present.isEmpty())
          .map(present -> OffsetDateTime.parse(present).toInstant())
          .filter(moment -> moment.isAfter(Instant.EPOCH));
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  /** Host port by container port, such as 8080/tcp. */
  static Map<String, Integer> hostPorts(Json seen) {
    Json state = seen.path("State");
    if (!state.path("Running").flag() && !state.path("Paused").flag()) {
      return Map.of();
    }
    Json ports = seen.path("NetworkSettings").path("Ports");
    Map<String, Integer> found = new TreeMap<>();
    for (String port : ports.names()) {
      ports
          .path(port)
          .items()
          .map(binding -> binding.path("HostPort").text())
          .filter(text -> text.matches("\\d{1,5}"))
          .findFirst()
          .ifPresent(text -> found.put(port, Integer.parseInt(text)));
    }
    return found;
  }

  /** Of a container that does not run the engine answers zeros or nothing. */
  static Optional<ResourceUsage> usage(@Nullable Statistics statistics) {
    if (statistics == null
        || statistics.getCpuStats() == null
        || statistics.getCpuStats().getCpuUsage() == null
        || statistics.getMemoryStats() == null
        || statistics.getMemoryStats().getUsage() == null) {
      return Optional.empty();
    }
    MemoryStatsConfig memory = statistics.getMemoryStats();
    StatsConfig details = memory.getStats();
    long inactive = 0;
    if (details != null) {
      // version 1 of the kernel's groups counts the whole tree only under total_
      inactive =
          details.getTotalInactiveFile() != null
              ? details.getTotalInactiveFile()
              : number(details.getInactiveFile());
    }
    return Optional.of(
        new ResourceUsage(
            number(statistics.getCpuStats().getCpuUsage().getTotalUsage()) / 1e9,
            number(memory.getUsage()) - inactive));
  }

  private static long number(@Nullable Long value) {
    return value == null ? 0 : value;
  }
}
