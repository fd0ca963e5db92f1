package org.boinc.dockerwrapper.job;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The table {@code [resources]}. An empty Optional is {@code "auto"}: what the BOINC client
 * granted.
 *
 * @param cpus CPU cores, may be fractional
 * @param swap swap beyond memory
 * @param shm size of {@code /dev/shm}
 * @param tmp size of the tmpfs on {@code /tmp}
 * @param disk writable layer and slot together
 * @param pids most processes and threads
 * @param ulimits by name without {@code RLIMIT_}, such as {@code nofile}
 * @param timeLimit run time without pauses; zero: none
 */
public record ResourceSpec(
    Optional<Double> cpus,
    Optional<ByteSize> memory,
    ByteSize swap,
    ByteSize shm,
    ByteSize tmp,
    Optional<ByteSize> disk,
    int pids,
    Map<String, Long> ulimits,
    Duration timeLimit,
    Throttle throttle) {

  /** What a CPU-time preference below 100 % becomes. */
  public enum Throttle {
    /** The client's own suspend and resume pulses. */
    CLIENT,
    /** A steady quota. */
    SMOOTH
  }
}
