package org.boinc.dockerwrapper.plan;

import java.util.Map;

/**
 * What the container may use.
 *
 * @param cpus cores, always a quota
 * @param memoryBytes hard limit
 * @param swapBytes beyond memory; 0: none
 * @param shmBytes {@code /dev/shm}
 * @param pids processes and threads
 * @param ulimits soft and hard, by name without {@code RLIMIT_}
 * @param diskBytes writable layer and slot together; watched, not enforced by the engine
 * @param cpuShares relative weight; 1024 is an ordinary container's
 */
public record ResourceLimits(
    double cpus,
    long memoryBytes,
    long swapBytes,
    long shmBytes,
    int pids,
    Map<String, Long> ulimits,
    long diskBytes,
    int cpuShares) {}
