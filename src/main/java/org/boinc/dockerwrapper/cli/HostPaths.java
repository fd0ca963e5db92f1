package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.boinc.dockerwrapper.job.ProjectConsent;
import org.boinc.dockerwrapper.job.SecurityRequest;
import org.boinc.dockerwrapper.plan.HostPath;
import org.boinc.dockerwrapper.plan.HostPath.Kind;

/**
 * Looks at the host paths that a job and its project's consent name, for the planner, which reads
 * nothing.
 */
final class HostPaths {
  /** The bits of st_mode that tell what a file is, and two of their values (inode(7)). */
  private static final int TYPE = 0170000;

  private static final int CHARACTER = 0020000;
  private static final int BLOCK = 0060000;

  private HostPaths() {}

  static Map<String, HostPath> of(SecurityRequest asked, ProjectConsent consent)
      throws IOException {
    Map<String, HostPath> paths = new HashMap<>();
    for (SecurityRequest request : List.of(asked, consent.agreed(), consent.given())) {
      for (String device : request.devices()) {
        paths.put(device, at(device));
      }
      for (SecurityRequest.HostMount mount : request.hostMounts()) {
        paths.put(mount.host(), at(mount.host()));
      }
    }
    return paths;
  }

  private static HostPath at(String text) throws IOException {
    Path path = Path.of(text);
    if (!path.isAbsolute() || !Files.exists(path)) {
      return new HostPath(path.normalize(), Kind.MISSING);
    }
    Path real = path.toRealPath();
    return new HostPath(real, Files.isDirectory(real) ? Kind.DIRECTORY : kind(real));
  }

  private static Kind kind(Path file) throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("unix")
        && !Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return Kind.OTHER;
    }
    return switch ((Integer) Files.getAttribute(file, "unix:mode") & TYPE) {
      case CHARACTER -> Kind.CHARACTER_DEVICE;
      case BLOCK -> Kind.BLOCK_DEVICE;
      default -> Kind.OTHER;
    };
  }
}
