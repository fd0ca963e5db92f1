package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;

/**
 * What a path of the host that a job or a policy names really is.
 *
 * @param real with every symbolic link resolved; as written where nothing is there
 */
public record HostPath(Path real, Kind kind) {
  /** What stands there. */
  public enum Kind {
    DIRECTORY,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    OTHER,
    MISSING
  }
}
