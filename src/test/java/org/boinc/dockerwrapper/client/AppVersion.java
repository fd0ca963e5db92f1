package org.boinc.dockerwrapper.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.it.WrapperCommand;

/**
 * The project's one app version: plan class {@code docker}, the wrapper as main program.
 *
 * @param apiVersion of version.xml; empty: the client takes the app for an old one
 * @param ncpus that one job occupies
 * @param files beside the main program; all are signed
 */
record AppVersion(Optional<String> apiVersion, double ncpus, List<ProjectFile> files) {
  static final String APP = "wrapped";

  static final int NUMBER = 100;

  /** An app version with the job.toml of a template, unchanged. */
  static AppVersion ofTemplate(String name) throws IOException {
    return ofToml(Files.readString(Path.of("job-templates", name, "job.toml")));
  }

  static AppVersion ofToml(String jobToml) {
    return new AppVersion(
        Optional.of("8.2.0"),
        1,
        List.of(ProjectFile.link("job.toml", APP + "_job_" + NUMBER + ".toml", jobToml)));
  }

  AppVersion with(String openName, String text) {
    List<ProjectFile> more = new ArrayList<>(files);
    more.add(ProjectFile.link(openName, APP + "_" + openName + "_" + NUMBER, text));
    return new AppVersion(apiVersion, ncpus, more);
  }

  AppVersion withoutApiVersion() {
    return new AppVersion(Optional.empty(), ncpus, files);
  }

  AppVersion ncpus(double value) {
    return new AppVersion(apiVersion, value, files);
  }

  /**
   * The file that system property {@code main_program} names, such as a bundle; else a script that
   * becomes the wrapper as last compiled.
   */
  static ProjectFile mainProgram() throws IOException {
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
