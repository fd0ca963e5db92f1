package org.boinc.dockerwrapper.job;

import java.util.List;
import java.util.Optional;

/**
 * What the volunteer wrote in {@code docker_policy.toml}: the rules for every job, and what single
 * projects may have beyond them.
 *
 * @param network whether jobs that ask for a network get one
 * @param registries hosts that images may be pulled from, such as {@code docker.io}; empty: any
 * @param pin an image is pulled only if job.toml gives its digest
 * @param diskCap bytes that all images kept for projects may take; empty: the built-in lid
 * @param cgroupParent below which the engine puts containers; empty: the engine's own place
 * @param projects at most one entry for each project
 */
public record VolunteerPolicy(
    boolean network,
    List<String> registries,
    boolean pin,
    Optional<ByteSize> diskCap,
    String cgroupParent,
    List<ProjectConsent> projects) {

  /** The file's name in the BOINC data directory, where no project can write. */
  public static final String FILE = "docker_policy.toml";

  /** What holds where there is no file: jobs stay in their containers. */
  public static final VolunteerPolicy DEFAULT =
      new VolunteerPolicy(true, List.of(), false, Optional.empty(), "", List.of());

  /**
   * What was agreed with a project; nothing where it has no entry.
   *
   * @param projectDirectory the name of its directory
   */
  public ProjectConsent consent(String projectDirectory) {
    return projects.stream()
        .filter(project -> project.directory().equals(projectDirectory))
        .findFirst()
        .orElse(ProjectConsent.NONE);
  }
}
