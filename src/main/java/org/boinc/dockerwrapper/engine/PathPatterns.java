package org.boinc.dockerwrapper.engine;

import java.util.List;
import org.boinc.dockerwrapper.plan.Glob;

/**
 * Patterns as in a {@code .dockerignore}: {@code *}, {@code ?}, {@code [a-z]}, {@code **}; a
 * pattern that matches a directory matches everything in it.
 */
record PathPatterns(List<String> patterns) {

  /** Reads a {@code .dockerignore}: comments, blank lines, {@code !} for exceptions. */
  static PathPatterns ofDockerignore(List<String> lines) {
    return new PathPatterns(
        lines.stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList());
  }

  /** Whether the last pattern that fits says so; {@code !} in front of it says the contrary. */
  boolean matches(String path) {
    boolean matched = false;
    for (String pattern : patterns) {
      boolean exception = pattern.startsWith("!");
      if (one(clean(exception ? pattern.substring(1) : pattern), path)) {
        matched = !exception;
      }
    }
    return matched;
  }

  private static String clean(String pattern) {
    String clean = pattern.strip().replaceAll("/{2,}", "/").replaceAll("(^|/)\\./", "$1");
    clean = clean.startsWith("/") ? clean.substring(1) : clean;
    return clean.endsWith("/") ? clean.substring(0, clean.length() - 1) : clean;
  }

  private static boolean one(String pattern, String path) {
    if (pattern.isEmpty()) {
      return false;
    }
    try {
      return Glob.ofDockerignore(pattern).matchesWithin(path);
    } catch (IllegalArgumentException malformed) {
      // Docker refuses such a build; here the pattern is taken as the name that it spells
      return pattern.equals(path) || path.startsWith(pattern + "/");
    }
  }
}
