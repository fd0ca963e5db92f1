package org.boinc.dockerwrapper.engine;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;

/**
 * What an engine says of itself that no plan needs, but who looks for what is wrong with it.
 *
 * @param rootDirectory where its images are, as it sees it
 * @param clock its time; empty: not told
 * @param limitsMemory whether the kernel lets it
 * @param limitsCpu likewise
 * @param limitsProcesses likewise
 * @param runtimes names of what starts containers for it
 */
public record EngineCondition(
    String rootDirectory,
    Optional<Instant> clock,
    boolean limitsMemory,
    boolean limitsCpu,
    boolean limitsProcesses,
    Set<String> runtimes) {

  /** Of an answer to /info (Docker API, SystemInfo). */
  static EngineCondition of(Json info) {
    return new EngineCondition(
        info.path("DockerRootDir").text(),
        clock(info.path("SystemTime").text()),
        info.path("MemoryLimit").flag(),
        info.path("CpuCfsQuota").flag(),
        info.path("PidsLimit").flag(),
        info.path("Runtimes").texts().keySet());
  }

  private static Optional<Instant> clock(String text) {
    try {
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException strange) {
      return Optional.empty();
    }
  }
}
