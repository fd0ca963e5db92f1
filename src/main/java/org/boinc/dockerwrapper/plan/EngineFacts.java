package org.boinc.dockerwrapper.plan;

/**
 * What the planner needs to know of the engine.
 *
 * @param product what answers
 * @param version as it says itself
 * @param rootless containers' root is an ordinary user of the host
 * @param architecture such as {@code amd64}
 * @param cpus cores the engine can give
 * @param memoryBytes memory the engine can give
 * @param endpoint where it was found, for people
 * @param files how it sees those of this host
 * @param cdi it gives devices by names of the Container Device Interface
 */
public record EngineFacts(
    Product product,
    String version,
    boolean rootless,
    String architecture,
    int cpus,
    long memoryBytes,
    String endpoint,
    HostFiles files,
    boolean cdi) {
  /** What answers behind the Docker API. */
  public enum Product {
    DOCKER,
    PODMAN
  }
}
