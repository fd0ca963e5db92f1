package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that the running job writes and the wrapper watches: on the host where the slot is
 * mounted, else in the container.
 *
 * @param onHost absolute
 * @param inContainer absolute, or relative to the working directory
 */
record SlotOrContainerFile(Optional<Path> onHost, Optional<String> inContainer) {
  /**
   * Finds out where it is.
   *
   * @param name slot path, or absolute path in the container; empty: none
   */
  static SlotOrContainerFile of(String name, PlanRequest request) {
    if (name.isEmpty()) {
      return new SlotOrContainerFile(Optional.empty(), Optional.empty());
    }
    boolean mounted = !request.spec().files().slot().isEmpty() && !name.startsWith("/");
    return mounted
        ? new SlotOrContainerFile(
            Optional.of(FilesPlanning.workDirectory(request).resolve(name)), Optional.empty())
        : new SlotOrContainerFile(Optional.empty(), Optional.of(name));
  }
}
