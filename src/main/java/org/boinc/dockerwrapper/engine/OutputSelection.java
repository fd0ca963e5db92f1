package org.boinc.dockerwrapper.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.plan.CopyPlan;

/**
 * Which part of a container an output is.
 *
 * @param root what the engine is asked for: the source, or the directory in which a glob looks
 * @param name last component of the source
 * @param glob the name is one
 * @param excluded patterns of paths below the root
 */
record OutputSelection(String root, String name, boolean glob, PathPatterns excluded) {

  /** Empty if the source is not absolute, is the root or climbs. */
  static Optional<OutputSelection> of(CopyPlan.Out out) {
    List<String> parts =
        Arrays.stream(out.source().split("/", -1))
            .filter(part -> !part.isEmpty() && !part.equals("."))
            .toList();
    if (!out.source().startsWith("/") || parts.isEmpty() || parts.contains("..")) {
      return Optional.empty();
    }
    String name = parts.getLast();
    boolean glob = name.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    List<String> root = glob ? parts.subList(0, parts.size() - 1) : parts;
    return Optional.of(
        new OutputSelection(
            "/" + String.join("/", root), name, glob, new PathPatterns(out.exclude())));
  }

  /** Whether an entry below the root belongs to the output. */
  boolean contains(String path) {
    if (excluded.matches(path)) {
      return false;
    }
    if (!glob) {
      return true;
    }
    int slash = path.indexOf('/');
    String top = slash < 0 ? path : path.substring(0, slash);
    return !path.isEmpty() && new PathPatterns(List.of(name)).matches(top);
  }
}
