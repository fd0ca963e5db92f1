package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.MemoryStatsConfig;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StatsConfig;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the engine's descriptions of containers. */
final class Sightings {
  private Sightings() {}

  static ContainerSighting of(InspectContainerResponse seen) {
    InspectContainerResponse.ContainerState state = seen.getState();
    String name = orEmpty(seen.getName());
    Map<String, String> labels = seen.getConfig().getLabels();
    return new ContainerSighting(
        seen.getId(),
        name.startsWith("/") ? name.substring(1) : name,
        state(state),
        (int) number(state.getExitCodeLong()),
        Boolean.TRUE.equals(state.getOOMKilled()),
        orEmpty(state.getError()),
        moment(state.getStartedAt()),
        moment(state.getFinishedAt()),
        number(state.getPidLong()),
        orEmpty(seen.getImageId()),
        labels == null ? Map.of() : Map.copyOf(labels));
  }

  /** A word that the API does not document: running or not is known nevertheless. */
  private static ContainerState state(InspectContainerResponse.ContainerState state) {
    return ContainerState.of(orEmpty(state.getStatus()))
        .orElse(
            Boolean.TRUE.equals(state.getRunning())
                ? ContainerState.RUNNING
                : ContainerState.EXITED);
  }

  /** The API's zero time, of the year 1, means never. */
  static Optional<Instant> moment(@Nullable String text) {
    try {
      return Optional.ofNullable(text)
          .filter(present -> !present.isEmpty())
          .map(present -> OffsetDateTime.parse(present).toInstant())
          .filter(moment -> moment.isAfter(Instant.EPOCH));
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  static OptionalInt hostPort(InspectContainerResponse seen, int containerPort) {
    Ports ports = seen.getNetworkSettings().getPorts();
    if (ports == null) {
      return OptionalInt.empty();
    }
    return Stream.of(ExposedPort.tcp(containerPort), ExposedPort.udp(containerPort))
        .map(ports.getBindings()::get)
        .filter(bindings -> bindings != null)
        .flatMap(Arrays::stream)
        .map(Ports.Binding::getHostPortSpec)
        .filter(port -> port != null && port.matches("\\d{1,5}"))
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

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }
}
