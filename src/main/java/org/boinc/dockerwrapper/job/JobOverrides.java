package org.boinc.dockerwrapper.job;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line says over the job.toml.
 *
 * @param verbosity 0 to 2
 * @param dockerfile slot path
 * @param template instead of the one the job.toml names
 */
public record JobOverrides(
    Optional<Integer> verbosity, Optional<String> dockerfile, Optional<String> template) {
  /** Says nothing. */
  public static final JobOverrides NONE =
      new JobOverrides(Optional.empty(), Optional.empty(), Optional.empty());

  Map<String, Setting> settings() {
    Map<String, Setting> settings = new LinkedHashMap<>();
    verbosity.ifPresent(
        level -> settings.put("verbose", Setting.ofOption("--verbose", (long) level)));
    dockerfile.ifPresent(
        path -> settings.put("image.dockerfile", Setting.ofOption("--dockerfile", path)));
    template.ifPresent(name -> settings.put("template", Setting.ofOption("--template", name)));
    return settings;
  }
}
