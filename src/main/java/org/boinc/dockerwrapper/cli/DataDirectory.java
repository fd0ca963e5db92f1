package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The BOINC client's data directory. */
final class DataDirectory {
  /** Where packages and installers put it: Debian, Fedora and others, macOS, Windows. */
  private static final List<String> USUAL =
      List.of(
          "/var/lib/boinc-client",
          "/var/lib/boinc",
          "/Library/Application Support/BOINC Data",
          "C:/ProgramData/BOINC");

  private DataDirectory() {}

  /**
   * Without links in its path, as the client itself names it; one that is no longer there as it was
   * given. Empty where none was given and none is at the usual places.
   */
  static Optional<Path> of(@Nullable Path given) {
    return given != null
        ? Optional.of(withoutLinks(given))
        : USUAL.stream()
            .map(Path::of)
            .filter(Files::isDirectory)
            .findFirst()
            .map(DataDirectory::withoutLinks);
  }

  private static Path withoutLinks(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException notThere) {
      return directory.toAbsolutePath().normalize();
    }
  }
}
