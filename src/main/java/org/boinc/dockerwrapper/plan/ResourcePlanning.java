package org.boinc.dockerwrapper.plan;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.boinc.dockerwrapper.boinc.HostGrant;
import org.boinc.dockerwrapper.job.ByteSize;
import org.boinc.dockerwrapper.job.Origin;
import org.boinc.dockerwrapper.job.ResourceSpec;

/**
 * What the job may use: the least of what it asks, what the client granted and what the host has.
 */
final class ResourcePlanning {
  /** Docker refuses a smaller limit. */
  private static final long LEAST_MEMORY = 6L << 20;

  /** Docker refuses a smaller quota. */
  private static final double LEAST_CPUS = 0.01;

  /** The weight of nice 19, as BOINC runs its own applications, where nice 0 is 1024. */
  private static final int IDLE_SHARES = 15;

  private static final int ORDINARY_SHARES = 1024;

  private static final int MOST_PIDS = 4096;

  /** What Linux gives at most unless it is told otherwise (fs.nr_open). */
  private static final long MOST_FILES = 1 << 20;

  /** A single file stops growing here, when the next look would come too late. */
  private static final long DISK_SLACK = 1L << 20;

  private final ResourceSpec asked;
  private final HostGrant grant;
  private final EngineFacts engine;
  private final boolean ordinaryPriority;
  private final Map<String, Origin> origins;

  ResourcePlanning(PlanRequest request, Map<String, Origin> origins) {
    this.asked = request.spec().resources();
    this.grant = request.job().grant();
    this.engine = request.engine();
    this.ordinaryPriority = request.job().noPriorityChange();
    this.origins = origins;
  }

  ResourceLimits limits() {
    long memory = memory();
    long disk = disk();
    return new ResourceLimits(
        cpus(),
        memory,
        swap(memory),
        Math.min(asked.shm().bytes(), memory),
        Math.min(asked.pids(), MOST_PIDS),
        ulimits(memory, disk),
        disk,
        ordinaryPriority ? ORDINARY_SHARES : IDLE_SHARES,
        throttle());
  }

  private Optional<Throttle> throttle() {
    return switch (asked.throttle()) {
      case CLIENT -> Optional.empty();
      case SMOOTH -> Optional.of(new Throttle(grant.cpuUsage()));
    };
  }

  private double cpus() {
    double granted = grant.ncpus() > 0 ? grant.ncpus() : 1;
    double cpus = asked.cpus().orElse(granted);
    if (asked.cpus().isEmpty() || cpus > granted) {
      cpus = granted;
      origins.put("resources.cpus", new Origin(Origin.Source.CLIENT, "ncpus"));
    }
    if (engine.cpus() > 0 && cpus > engine.cpus()) {
      cpus = engine.cpus();
      origins.put("resources.cpus", new Origin(Origin.Source.ENGINE, "cores of this host"));
    }
    return Math.max(LEAST_CPUS, cpus);
  }

  private long memory() {
    long granted = grant.memoryBound();
    long memory = asked.memory().map(ByteSize::bytes).orElse(granted);
    if (granted > 0 && (asked.memory().isEmpty() || memory > granted)) {
      memory = granted;
      origins.put("resources.memory", new Origin(Origin.Source.CLIENT, "rsc_memory_bound"));
    }
    if (engine.memoryBytes() > 0 && (memory <= 0 || memory > engine.memoryBytes())) {
      memory = engine.memoryBytes();
      origins.put("resources.memory", new Origin(Origin.Source.ENGINE, "memory of this host"));
    }
    return Math.max(LEAST_MEMORY, memory);
  }

  /** Memory and swap together are what the client granted: it counts both. */
  private long swap(long memory) {
    long granted = grant.memoryBound() > 0 ? grant.memoryBound() : memory;
    long swap = Math.min(asked.swap().bytes(), Math.max(0, granted - memory));
    if (swap < asked.swap().bytes()) {
      origins.put("resources.swap", new Origin(Origin.Source.CLIENT, "rsc_memory_bound"));
    }
    return swap;
  }

  /**
   * Real-time priority and a better nice value are not to be had: with either, a job would run
   * before the volunteer's own programs, whatever its weight is.
   */
  private Map<String, Long> ulimits(long memory, long disk) {
    Map<String, Long> limits = new TreeMap<>();
    asked
        .ulimits()
        .forEach(
            (name, value) -> {
              long most =
                  switch (name) {
                    case "rtprio", "nice" -> 0;
                    case "nofile" -> MOST_FILES;
                    case "memlock" -> memory;
                    default -> Long.MAX_VALUE;
                  };
              if (value > most) {
                origins.put(
                    "resources.ulimits",
                    new Origin(Origin.Source.ENGINE, "most " + name + " of a job"));
              }
              limits.put(name, Math.min(value, most));
            });
    if (disk > 0) {
      limits.merge("fsize", disk + DISK_SLACK, Math::min);
    }
    return limits;
  }

  private long disk() {
    long granted = grant.diskBound();
    long disk = asked.disk().map(ByteSize::bytes).orElse(granted);
    if (granted > 0 && (asked.disk().isEmpty() || disk > granted)) {
      origins.put("resources.disk", new Origin(Origin.Source.CLIENT, "rsc_disk_bound"));
      return granted;
    }
    return Math.max(0, disk);
  }
}
