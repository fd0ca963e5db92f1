package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the job comes by its image. */
public sealed interface ImagePlan {

  /** The longest this may take. */
  Duration timeout();

  /** {@code os/arch[/variant]}, or empty for the host's own. */
  String platform();

  /**
   * Built from a Dockerfile of the job.
   *
   * @param name of the built image
   * @param labels of the built image: whose it is; an image of that name with others is somebody
   *     else's
   * @param files the whole build context
   * @param dockerfile name of the Dockerfile within the context
   * @param target build stage, or empty
   * @param login for the images it begins with
   * @param limits of its RUN commands
   */
  record Build(
      Name name,
      Map<String, String> labels,
      List<ContextFile> files,
      String dockerfile,
      Map<String, String> buildArgs,
      String target,
      String platform,
      Optional<RegistryLogin> login,
      Duration timeout,
      BuildLimits limits)
      implements ImagePlan {}

  /**
   * What a build may take of the host.
   *
   * @param memoryBytes of each command, no swap beyond it; 0: the engine can't hold them to any
   * @param cpuShares relative weight where there is such a limit; 1024 is an ordinary container's
   * @param network whether they have one; the engine itself fetches what the build begins with
   */
  record BuildLimits(long memoryBytes, int cpuShares, boolean network) {
    /** None at all. */
    public static final BuildLimits NONE = new BuildLimits(0, 0, true);
  }

  /**
   * Present on the host or pulled from a registry.
   *
   * @param reference fully qualified, with tag or digest
   * @param when whether a local image is good enough
   * @param digest {@code sha256:…} that image ID or manifest must have, or empty
   */
  record Pull(
      String reference,
      When when,
      String digest,
      String platform,
      Optional<RegistryLogin> login,
      Duration timeout)
      implements ImagePlan {
    /** When the registry is asked. */
    public enum When {
      MISSING,
      ALWAYS,
      NEVER
    }
  }

  /**
   * Loaded from archives that came with the job.
   *
   * @param archives docker-save or OCI archives, perhaps compressed; several are layers of one
   *     image
   * @param name given to the loaded image
   * @param digest {@code sha256:…} that the image ID must have, or empty
   */
  record Load(Name name, List<Path> archives, String digest, String platform, Duration timeout)
      implements ImagePlan {}

  /**
   * One file or directory of the build context.
   *
   * @param name path within the context, with {@code /}
   * @param source soft links resolved
   */
  record ContextFile(String name, Path source, boolean directory, boolean executable) {}
}
