package org.boinc.dockerwrapper.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The docker_wrapper of this installation, as a command that works in any directory. */
final class OwnWrapper {
  private OwnWrapper() {}

  static List<String> command() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Module module = DockerWrapper.class.getModule();
    if (module.isNamed()) {
      // The bundle's image, which has its options in it.
      return List.of(java, "-m", module.getName() + "/" + DockerWrapper.class.getName());
    }
    return List.of(
        java,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx64m",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        absolute(System.getProperty("java.class.path")),
        DockerWrapper.class.getName());
  }

  private static String absolute(String classPath) {
    List<String> entries = new ArrayList<>();
    for (String entry : classPath.split(Pattern.quote(File.pathSeparator), -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}
