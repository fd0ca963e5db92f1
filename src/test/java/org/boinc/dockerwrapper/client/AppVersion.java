package org.boinc.dockerwrapper.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.it.WrapperCommand;
import org.boinc.dockerwrapper.pack.UpdateVersions;

/**
 * The project's one app version: plan class {@code docker}, the wrapper as main program.
 *
 * @param apiVersion of version.xml; empty: the client takes the app for an old one
 * @param ncpus that one job occupies
 * @param main the main program
 * @param files beside it; all are signed
 */
record AppVersion(
    Optional<String> apiVersion, double ncpus, ProjectFile main, List<ProjectFile> files) {
  static final String APP = "wrapped";

  static final int NUMBER = 100;

  /** An app version with the job.toml of a template, unchanged. */
  static AppVersion ofTemplate(String name) throws IOException {
    return ofToml(Files.readString(Path.of("job-templates", name, "job.toml")));
  }

  static AppVersion ofToml(String jobToml) throws IOException {
    return new AppVersion(
        Optional.of("8.2.0"),
        1,
        mainProgram(),
        List.of(ProjectFile.link("job.toml", APP + "_job_" + NUMBER + ".toml", jobToml)));
  }

  /** What update_versions would make of a packaged release. */
  static AppVersion packaged(UpdateVersions.Added added, Path directory) throws IOException {
    List<ProjectFile> files = new ArrayList<>();
    for (UpdateVersions.FileEntry entry : added.files()) {
      if (!entry.mainProgram()) {
        files.add(file(entry, directory));
      }
    }
    return new AppVersion(
        Optional.of(added.apiVersion()), 1, file(added.mainProgram(), directory), files);
  }

  private static ProjectFile file(UpdateVersions.FileEntry entry, Path directory)
      throws IOException {
    return new ProjectFile(
        entry.logicalName(),
        entry.physicalName(),
        Files.readAllBytes(directory.resolve(entry.physicalName())),
        entry.executable(),
        entry.copied());
  }

  AppVersion with(String openName, String text) {
    List<ProjectFile> more = new ArrayList<>(files);
    more.add(ProjectFile.link(openName, APP + "_" + openName + "_" + NUMBER, text));
    return new AppVersion(apiVersion, ncpus, main, more);
  }

  AppVersion withoutApiVersion() {
    return new AppVersion(Optional.empty(), ncpus, main, files);
  }

  AppVersion ncpus(double value) {
    return new AppVersion(apiVersion, value, main, files);
  }

  /**
   * The file that system property {@code main_program} names, such as a bundle; else a script that
   * becomes the wrapper as last compiled.
   */
  private static ProjectFile mainProgram() throws IOException {
    String file = System.getProperty("main_program", "");
    byte[] content =
        file.isEmpty()
            ? "#!/bin/sh\nexec '%s' \"$@\"\n"
                .formatted(WrapperCommand.words().getFirst())
                .getBytes(StandardCharsets.UTF_8)
            : Files.readAllBytes(Path.of(file));
    return new ProjectFile("", "docker_wrapper_" + NUMBER, content, true, false);
  }
}
