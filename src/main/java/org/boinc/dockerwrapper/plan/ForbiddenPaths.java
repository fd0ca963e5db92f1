package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Directories of the host that no consent opens: the system's own, the engines' stores and sockets,
 * and BOINC's data directory with the account keys in it.
 */
final class ForbiddenPaths {
  private static final List<Path> SYSTEM =
      Stream.of(
              "/bin",
              "/boot",
              "/dev",
              "/etc",
              "/lib",
              "/proc",
              "/root",
              "/run",
              "/sbin",
              "/sys",
              "/usr",
              "/var/lib/containerd",
              "/var/lib/containers",
              "/var/lib/docker",
              "/var/run")
          .map(Path::of)
          .toList();

  private ForbiddenPaths() {}

  /**
   * Whether a directory is one of them, lies in one, or has one in it.
   *
   * @param directory without symbolic links
   */
  static boolean forbids(Path directory, Path boinc) {
    return Stream.concat(SYSTEM.stream(), Stream.of(boinc))
        .anyMatch(closed -> directory.startsWith(closed) || closed.startsWith(directory));
  }
}
