package org.boinc.dockerwrapper.job;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table {@code [image]}: which image the container is made of. Source: {@code files}, else the
 * Dockerfile where the slot has it, else {@code name}.
 *
 * @param dockerfile slot path of the Dockerfile
 * @param context slot path of the build context
 * @param target build stage, or empty
 * @param name reference to pull, or the name of the built image; empty for the generated name
 * @param files slot paths of docker-save or OCI archives
 * @param digest {@code sha256:…} of image ID or manifest, or empty
 * @param platform {@code os/arch}, or empty for the host's
 * @param timeout the longest a pull, build or load may take
 */
public record ImageSpec(
    String dockerfile,
    String context,
    Map<String, String> buildArgs,
    String target,
    String name,
    List<String> files,
    String digest,
    String platform,
    PullPolicy pull,
    Scope scope,
    Keep keep,
    Optional<RegistryLogin> registry,
    Duration timeout) {

  /** When a named image is fetched. */
  public enum PullPolicy {
    MISSING,
    ALWAYS,
    NEVER
  }

  /**
   * Who shares the image. AUTO: the app version where image or Dockerfile belong to it, else the
   * workunit.
   */
  public enum Scope {
    APP_VERSION,
    WORKUNIT,
    AUTO
  }

  /**
   * How long the image stays. AUTO: a workunit's image goes with the job, an app version's stays.
   */
  public enum Keep {
    JOB,
    SCOPE,
    FOREVER,
    AUTO
  }

  /**
   * Credentials for the registry.
   *
   * @param passwordFile slot path of a file that holds the password or token; never logged, never
   *     mounted
   */
  public record RegistryLogin(String user, String passwordFile) {}
}
