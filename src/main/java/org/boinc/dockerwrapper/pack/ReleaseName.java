package org.boinc.dockerwrapper.pack;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the app version is called on the server: directories of {@code apps/} there, read by BOINC's
 * tools/update_versions and handed to a shell by it.
 *
 * @param app short name of the BOINC app
 * @param version such as 1.0
 * @param planClass holds the word docker
 */
public record ReleaseName(String app, String version, String planClass) {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final Pattern VERSION = Pattern.compile("(\\d{1,5})(?:\\.(\\d{1,2}))?");

  /** The client looks for it in the plan class (client/cpu_sched.cpp, client/cs_apps.cpp). */
  private static final String DOCKER = "docker";

  /** Refuses, in a sentence, what server or client would misunderstand. */
  public ReleaseName {
    if (!WORD.matcher(app).matches()) {
      throw new IllegalArgumentException(
          "app '%s' is no name that BOINC's tools can use; write letters, digits, _ . or -, at most 64"
              .formatted(app));
    }
    if (!VERSION.matcher(version).matches() || number(version) == 0) {
      throw new IllegalArgumentException(
          "version '%s' is not a number like 1.0 above 0; BOINC makes 100 of 1.0 and 112 of 1.12"
              .formatted(version));
    }
    if (!planClass.contains(DOCKER)) {
      throw new IllegalArgumentException(
          "plan class '%s' has no '%s' in its name, so the client would not know that its jobs need an engine; write something like docker or docker_nvidia"
              .formatted(planClass, DOCKER));
    }
    if (!isDirectoryPart(planClass)) {
      throw new IllegalArgumentException(
          "plan class '%s' can't be part of a directory's name; write letters, digits, _ . or -, without __"
              .formatted(planClass));
    }
  }

  /** Whether update_versions finds the word again between {@code __} in a directory's name. */
  static boolean isDirectoryPart(String word) {
    return WORD.matcher(word).matches() && !word.contains("__") && !word.endsWith("_");
  }

  /** The number that BOINC makes of the version. */
  public int number() {
    return number(version);
  }

  private static int number(String version) {
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches()) {
      return 0;
    }
    int minor = parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2));
    int major = Integer.parseInt(parts.group(1));
    return parts.group(2) == null ? major : 100 * major + minor;
  }

  /** Where the app version's files for a platform lie, below the project's directory. */
  String directory(String platform) {
    return "apps/%s/%s/%s__%s".formatted(app, version, platform, planClass);
  }

  /** A template's name, which create_work is told. */
  String template(String kind) {
    return "templates/%s_%s_%s".formatted(app, version, kind);
  }
}
