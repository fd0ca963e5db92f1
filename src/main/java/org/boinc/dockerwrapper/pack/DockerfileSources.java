package org.boinc.dockerwrapper.pack;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which files of the build context a Dockerfile copies into the image, by its COPY and ADD lines.
 * Too many is harmless, so variables and what can't be understood count as everything.
 */
final class DockerfileSources {
  private static final Pattern CONTINUED = Pattern.compile("\\\\\\s*\\R");
  private static final String EVERYTHING = ".";

  private final List<String> sources = new ArrayList<>();

  private DockerfileSources() {}

  static DockerfileSources of(String dockerfile) {
    DockerfileSources found = new DockerfileSources();
    for (String line : CONTINUED.matcher(dockerfile).replaceAll(" ").lines().toList()) {
      List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+", -1)));
      String instruction = words.removeFirst().toUpperCase(Locale.ROOT);
      if (instruction.equals("COPY") || instruction.equals("ADD")) {
        found.add(words);
      }
    }
    return found;
  }

  private void add(List<String> words) {
    if (words.stream().anyMatch(word -> word.startsWith("--from="))) {
      return;
    }
    List<String> paths =
        words.stream()
            .filter(word -> !word.startsWith("--"))
            .map(word -> word.replaceAll("[\\[\\],\"]", ""))
            .filter(word -> !word.isEmpty())
            .toList();
    // The last is where they go.
    for (String path : paths.subList(0, Math.max(0, paths.size() - 1))) {
      if (!path.contains("://")) {
        sources.add(path.contains("$") ? EVERYTHING : plain(path));
      }
    }
  }

  private static String plain(String path) {
    String relative = path.replaceFirst("^(?:\\.?/+)+", "").replaceFirst("/+$", "");
    return relative.isEmpty() ? EVERYTHING : relative;
  }

  /** Whether the image may hold that file of the context. */
  boolean holds(String name) {
    return sources.stream().anyMatch(source -> matches(source, name));
  }

  private static boolean matches(String source, String name) {
    if (source.equals(EVERYTHING) || name.equals(source) || name.startsWith(source + "/")) {
      return true;
    }
    if (!source.matches(".*[*?\\[].*")) {
      return false;
    }
    PathMatcher glob = FileSystems.getDefault().getPathMatcher("glob:" + source);
    for (Path part = Path.of(name); part != null; part = part.getParent()) {
      if (glob.matches(part)) {
        return true;
      }
    }
    return false;
  }
}
