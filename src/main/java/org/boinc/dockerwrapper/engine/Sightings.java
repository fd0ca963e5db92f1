package org.boinc.dockerwrapper.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.model.MemoryStatsConfig;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StatsConfig;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the engine's descriptions of containers (Docker API, ContainerInspect). */
final class Sightings {
  private Sightings() {}

  static ContainerSighting of(JsonNode seen) {
    JsonNode state = seen.path("State");
    String name = seen.path("Name").asText("");
    return new ContainerSighting(
        seen.path("Id").asText(""),
        name.startsWith("/") ? name.substring(1) : name,
        state(state),
        state.path("ExitCode").asInt(),
        state.path("OOMKilled").asBoolean(),
        state.path("Error").asText(""),
        moment(state.path("StartedAt").asText("")),
        moment(state.path("FinishedAt").asText("")),
        state.path("Pid").asLong(),
        seen.path("Image").asText(""),
        texts(seen.path("Config").path("Labels")));
  }

  /** A word that the API does not document: running or not is known nevertheless. */
  private static ContainerState state(JsonNode state) {
    return ContainerState.of(state.path("Status").asText(""))
        .orElse(state.path("Running").asBoolean() ? ContainerState.RUNNING : ContainerState.EXITED);
  }

  /** An object of strings; null, as engines write an empty one, is none. */
  static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new HashMap<>();
    object.properties().forEach(field -> texts.put(field.getKey(), field.getValue().asText("")));
    return Map.copyOf(texts);
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

  static OptionalInt hostPort(JsonNode seen, int containerPort) {
    JsonNode ports = seen.path("NetworkSettings").path("Ports");
    return Stream.of("/tcp", "/udp")
        .flatMap(protocol -> ports.path(containerPort + protocol).valueStream())
        .map(binding -> binding.path("HostPort").asText(""))
        .filter(port -> port.matches("\\d{1,5}"))
        .mapToInt(Integer::parseInt)
        .findFirst();
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
