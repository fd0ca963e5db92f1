package org.boinc.dockerwrapper.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.simulate.JobDirectory;
import org.boinc.dockerwrapper.simulate.TemplateXml;

/**
 * What the author's own version.xml says of the app version as a whole; files, names and the main
 * program are the release's.
 *
 * @param mainPrograms logical names of the files that it marks so
 * @param flags its elements without content, such as needs_network
 * @param filePrefix empty: none
 */
record VersionFlags(Set<String> mainPrograms, List<String> flags, String filePrefix) {
  private static final List<String> FLAGS = List.of("beta", "dont_throttle", "needs_network");

  static VersionFlags of(Path directory) throws IOException {
    Path file = directory.resolve(JobDirectory.VERSION);
    if (!Files.isRegularFile(file)) {
      return new VersionFlags(Set.of(), List.of(), "");
    }
    TemplateXml version = TemplateXml.read(file);
    return new VersionFlags(
        version.all("file").stream()
            .filter(entry -> entry.flag("main_program"))
            .flatMap(entry -> Stream.of(entry.text("logical_name"), entry.text("physical_name")))
            .collect(Collectors.toUnmodifiableSet()),
        FLAGS.stream().filter(version::flag).toList(),
        version.text("file_prefix"));
  }

  boolean isMainProgram(String logicalName) {
    return mainPrograms.contains(logicalName);
  }
}
