package org.boinc.dockerwrapper.engine;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds programs as a shell does, but never in the current directory: that holds a job's files. */
final class Program {
  private Program() {}

  /**
   * The file that a name on the PATH, or an absolute path, means.
   *
   * @param environment with the PATH
   */
  static Optional<Path> find(String name, Map<String, String> environment) {
    if (name.contains("/") || name.contains(File.separator)) {
      return Endpoint.absolute(name).filter(Files::isExecutable);
    }
    String file = File.separatorChar == '\\' && !name.contains(".") ? name + ".exe" : name;
    for (String directory : path(environment).split(File.pathSeparator, -1)) {
      Optional<Path> found =
          Endpoint.absolute(directory)
              .map(place -> place.resolve(file))
              .filter(place -> Files.isRegularFile(place) && Files.isExecutable(place));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Windows writes it Path, and its JDK finds it under either name only in its own map. */
  private static String path(Map<String, String> environment) {
    return environment.getOrDefault("PATH", environment.getOrDefault("Path", ""));
  }
}
