package org.boinc.dockerwrapper.engine;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A container as the engine described it at one moment.
 *
 * @param name without the API's leading slash
 * @param exitCode 0 before it has exited
 * @param oomKilled the kernel ended a process of it for want of memory
 * @param error why it could not be started, or empty
 * @param pid of its first process on the host; 0: none
 * @param imageId {@code sha256:…}
 * @param networks names of those that it is, or when it runs will be, connected to
 */
public record ContainerSighting(
    String id,
    String name,
    ContainerState state,
    int exitCode,
    boolean oomKilled,
    String error,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    long pid,
    String imageId,
    Map<String, String> labels,
    Set<String> networks) {

  /** The same where one network does not count. */
  public ContainerSighting without(String network) {
    Set<String> others = new java.util.HashSet<>(networks);
    others.remove(network);
    return new ContainerSighting(
        id,
        name,
        state,
        exitCode,
        oomKilled,
        error,
        startedAt,
        finishedAt,
        pid,
        imageId,
        labels,
        Set.copyOf(others));
  }

  /** The same in another state. */
  ContainerSighting in(ContainerState other) {
    return in(other, exitCode);
  }

  /** The same in another state. */
  ContainerSighting in(ContainerState other, int status) {
    return new ContainerSighting(
        id,
        name,
        other,
        status,
        oomKilled,
        error,
        startedAt,
        finishedAt,
        pid,
        imageId,
        labels,
        networks);
  }
}
