package org.boinc.dockerwrapper.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;

/**
 * Which engine the tests run on ({@code -Dengine}), and what is true of it and not of the others:
 * tests ask here and assert what it says, they skip nothing.
 */
enum EngineUnderTest {
  DOCKER(Product.DOCKER),
  PODMAN(Product.PODMAN),
  PODMAN_ROOTLESS(Product.PODMAN);

  /**
   * Tag of tests that are the same on every engine, such as those of our transport: they run on
   * Docker only.
   */
  static final String ANY = "any-engine";

  /** Tag of tests of what can happen with Podman only. */
  static final String PODMAN_ONLY = "podman-only";

  /** What the log says on an engine that does not hold a job to its limits. */
  static final String NO_LIMITS = "this engine holds the job to no limit of CPUs and processes";

  /** The one that the build names. */
  static final EngineUnderTest IT = named(System.getProperty("engine", "docker"));

  private final Product product;

  EngineUnderTest(Product product) {
    this.product = product;
  }

  private static EngineUnderTest named(String name) {
    for (EngineUnderTest engine : values()) {
      if (engine.toString().equals(name)) {
        return engine;
      }
    }
    throw new AssertionError("-Dengine=" + name + " is none of " + List.of(values()));
  }

  /** As {@code -Dengine} and scripts/engines have it. */
  @Override
  public String toString() {
    return switch (this) {
      case DOCKER -> "docker";
      case PODMAN -> "podman";
      case PODMAN_ROOTLESS -> "podman-rootless";
    };
  }

  Product product() {
    return product;
  }

  private boolean isDocker() {
    return product == Product.DOCKER;
  }

  /** Its command line's program. */
  String program() {
    return isDocker() ? "docker" : "podman";
  }

  /** The command whose input and output lead to the engine at a socket. */
  List<String> dialing(Path socket) {
    return List.of(
        program(), isDocker() ? "--host" : "--url", "unix://" + socket, "system", "dial-stdio");
  }

  /**
   * Where a relay of the tests listens that a wrapper may take for the engine itself. Before the
   * Podman of another user than the tests' it must have another name, or it would be taken for
   * root's.
   */
  String socketOfRelay() {
    return this == PODMAN ? "podman/podman.sock" : "proxy.sock";
  }

  /**
   * Whether it is known that a job died for want of memory. Podman 4 looks for a note of that in
   * another place than its monitor leaves it. Without root nobody keeps the limit but the wrapper,
   * which then knows.
   */
  boolean tellsOfMemory() {
    return this != PODMAN;
  }

  /** What the log says of such a job. */
  String saysOfMemory(int mebibytes) {
    String sentence =
        switch (this) {
          case DOCKER -> "the job needed more memory than its limit of %d MiB";
          case PODMAN -> "more memory than there is, and the limit is %d MiB";
          case PODMAN_ROOTLESS -> "MiB of memory, more than its limit of %d MiB";
        };
    return sentence.formatted(mebibytes);
  }

  /** Whether it is asked for GPUs through NVIDIA's hook; Podman is by CDI names. */
  boolean givesGpus() {
    return isDocker();
  }

  /** Whether a process of this host reaches its networks; a rootless one has them elsewhere. */
  boolean hasNetworksOnThisHost() {
    return this != PODMAN_ROOTLESS;
  }

  /** Whether a build ends when nobody waits for it any more; Podman 4 goes on with its command. */
  boolean breaksOffBuilds() {
    return isDocker();
  }

  /** Whether the quota of a container that runs can be changed; Podman 4 has no such request. */
  boolean changesQuota() {
    return isDocker();
  }

  /** The variables that it gives to every container, as a sorted list ends with them. */
  String ownVariables() {
    return isDocker() ? "" : "TERM container ";
  }

  /** Whether its system call filter forbids a container to make user namespaces of its own. */
  boolean forbidsUserNamespaces() {
    return isDocker();
  }

  /** Of a registry; Podman asks one that answers 429 again itself, for minutes. */
  List<Integer> statusesToldAtOnce() {
    return isDocker() ? List.of(429, 500) : List.of(500);
  }

  /** Whether its dial-stdio passes on what was answered to one that is still talking. */
  boolean relaysToTheEnd() {
    return isDocker();
  }

  /**
   * Whether a job is held to its CPUs, processes and memory by the kernel. Without root that takes
   * version 2 of the control groups.
   */
  boolean holdsLimits() {
    return this != PODMAN_ROOTLESS || Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
  }
}
