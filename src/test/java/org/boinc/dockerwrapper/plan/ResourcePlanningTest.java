package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.HostGrant;
import org.boinc.dockerwrapper.job.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The least of what the job asks, the client granted and the host has. */
class ResourcePlanningTest {
  private static final long GIB = 1L << 30;

  private static HostGrant grant(double cpus, long memory, long disk) {
    return new HostGrant(cpus, memory, disk, Optional.empty(), 1);
  }

  private static ResourceLimits limits(PlanCase planned) {
    return planned.plan().container().limits();
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.5", "1, 1", "4, 4", "16, 8"})
  void c40TheJobHasTheCpusThatTheClientGranted(double granted, double limit) {
    assertEquals(limit, limits(PlanCase.of().granted(grant(granted, 0, 0))).cpus());
  }

  @Test
  void aSmoothThrottleKeepsTheVolunteersLimitByTheQuotaAlone() {
    HostGrant half = new HostGrant(2, 0, 0, Optional.empty(), 0.5);
    ResourceLimits smooth = limits(PlanCase.of("resources.throttle = \"smooth\"").granted(half));
    assertEquals(2, smooth.cpus(), "as many processes as before");
    assertEquals(1, smooth.quota());

    ResourceLimits pulses = limits(PlanCase.of().granted(half));
    assertEquals(2, pulses.quota());
    assertEquals(Optional.empty(), pulses.throttle());
  }

  @Test
  void aJobMayAskForLessButNotForMore() {
    PlanCase less = PlanCase.of("resources.cpus = 0.25", "resources.memory = \"512m\"");
    assertEquals(0.25, limits(less).cpus());
    assertEquals(GIB / 2, limits(less).memoryBytes());
    assertEquals(Origin.Source.JOB_FILE, origin(less, "resources.cpus").source());
    assertEquals(Origin.Source.JOB_FILE, origin(less, "resources.memory").source());

    PlanCase more =
        PlanCase.of("resources.cpus = 3", "resources.memory = \"4g\"", "resources.disk = \"100g\"");
    assertEquals(2, limits(more).cpus());
    assertEquals(GIB, limits(more).memoryBytes());
    assertEquals(10 * GIB, limits(more).diskBytes());
    assertEquals(new Origin(Origin.Source.CLIENT, "ncpus"), origin(more, "resources.cpus"));
    assertEquals(
        new Origin(Origin.Source.CLIENT, "rsc_memory_bound"), origin(more, "resources.memory"));
    assertEquals(
        new Origin(Origin.Source.CLIENT, "rsc_disk_bound"), origin(more, "resources.disk"));
  }

  @Test
  void nobodyGetsMoreThanTheHostHas() {
    PlanCase small = PlanCase.of().granted(grant(4, 8 * GIB, 0)).host(2, 4 * GIB);
    assertEquals(2, limits(small).cpus());
    assertEquals(4 * GIB, limits(small).memoryBytes());
    assertEquals(
        new Origin(Origin.Source.ENGINE, "cores of this host"), origin(small, "resources.cpus"));
    assertEquals(
        new Origin(Origin.Source.ENGINE, "memory of this host"), origin(small, "resources.memory"));
  }

  @Test
  void withoutAnyBoundTheHostIsTheBound() {
    PlanCase free = PlanCase.of().granted(grant(1, 0, 0));
    assertEquals(16 * GIB, limits(free).memoryBytes());
    assertEquals(0, limits(free).diskBytes(), "not watched");
    assertEquals(0, limits(free).swapBytes());
  }

  @Test
  void noLimitIsSmallerThanEnginesTake() {
    PlanCase tiny = PlanCase.of().granted(grant(0.001, 1000, 0));
    assertEquals(0.01, limits(tiny).cpus());
    assertEquals(6L << 20, limits(tiny).memoryBytes());
    assertTrue(limits(tiny).shmBytes() <= limits(tiny).memoryBytes());
  }

  @Test
  void aJobIsNicerThanOtherContainersUnlessTheVolunteerWantsNoChange() {
    assertEquals(15, limits(PlanCase.of()).cpuShares());
    assertEquals(1024, limits(PlanCase.of().noPriorityChange()).cpuShares());
  }

  @Test
  void theRestIsAsAsked() {
    PlanCase asked =
        PlanCase.of(
            "[resources]",
            "memory = \"768m\"",
            "swap = \"100m\"",
            "shm = \"32m\"",
            "pids = 50",
            "disk = \"2g\"",
            "time_limit = 3600",
            "ulimits = { nofile = 4096 }");
    ResourceLimits limits = limits(asked);
    assertEquals(100L << 20, limits.swapBytes());
    assertEquals(32L << 20, limits.shmBytes());
    assertEquals(50, limits.pids());
    assertEquals(
        Map.of("nofile", 4096L, "fsize", 2 * GIB + (1L << 20)),
        limits.ulimits(),
        "a file of its own size is ended at once, not at the next look");
    assertEquals(2 * GIB, asked.plan().watch().diskBytes());
    assertEquals(Duration.ofHours(1), asked.plan().watch().timeLimit());
  }

  @Test
  void whatIsTheHostsOwnIsNotToBeHadWhateverIsAskedFor() {
    ResourceLimits limits =
        limits(
            PlanCase.of(
                "[resources]",
                "swap = 9223372036854775807",
                "pids = 4194304",
                "ulimits = { rtprio = 99, nice = 40, nofile = 9000000, memlock = 9000000000000 }"));
    assertEquals(0, limits.swapBytes(), "the client counts memory and swap together");
    assertEquals(4096, limits.pids());
    Map<String, Long> ulimits = new java.util.TreeMap<>(limits.ulimits());
    ulimits.remove("fsize");
    assertEquals(
        Map.of("rtprio", 0L, "nice", 0L, "nofile", 1L << 20, "memlock", limits.memoryBytes()),
        ulimits);
  }

  private static Origin origin(PlanCase planned, String key) {
    return planned.plan().origins().getOrDefault(key, Origin.BUILT_IN);
  }
}
