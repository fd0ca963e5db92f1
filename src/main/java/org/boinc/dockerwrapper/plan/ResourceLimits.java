package org.boinc.dockerwrapper.plan;

import java.util.Map;
import java.util.Optional;

/**
 * What the container may use.
 *
 * @param cpus cores that the job has; always a quota
 * @param memoryBytes hard limit
 * @param swapBytes beyond memory; 0: none
 * @param shmBytes {@code /dev/shm}
 * @param pids processes and threads
 * @param ulimits soft and hard, by name without {@code RLIMIT_}
 * @param diskBytes writable layer and slot together; watched, not enforced by the engine
 * @param cpuShares relative weight; 1024 is an ordinary container's
 * @param throttle where the volunteer's limit of CPU time is kept by the quota
 */
public record ResourceLimits(
    double cpus,
    long memoryBytes,
    long swapBytes,
    long shmBytes,
    int pids,
    Map<String, Long> ulimits,
    long diskBytes,
    int cpuShares,
    Optional<Throttle> throttle) {

  /** One container's part where several have these limits together; each may fill the disk. */
  ResourceLimits share(int containers) {
    return containers == 1
        ? this
        : new ResourceLimits(
            cpus / containers,
            memoryBytes / containers,
            swapBytes / containers,
            Math.min(shmBytes, memoryBytes / containers),
            pids,
            ulimits,
            diskBytes,
            cpuShares,
            throttle);
  }

  /** The cores that the engine is told. */
  public double quota() {
    return throttle.map(limit -> limit.quota(cpus)).orElse(cpus);
  }
}
