package org.boinc.dockerwrapper.convert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.job.ShellWords;

/** Lines such as {@code export NAME="value"}. */
final class Assignments {
  private static final Pattern LINE =
      Pattern.compile(
          "(?m)^\\s*(?:export\\s+|setenv\\s+)?([A-Za-z_]\\w*)\\s*[= ]\\s*(.*?)\\s*;?\\s*$");

  private Assignments() {}

  /** The variables whose names begin with one of the prefixes, in their order. */
  static Map<String, String> of(String text, List<String> prefixes) {
    Map<String, String> found = new LinkedHashMap<>();
    Matcher line = LINE.matcher(text);
    while (line.find()) {
      if (prefixes.stream().anyMatch(line.group(1)::startsWith)) {
        found.put(line.group(1), value(line.group(2)));
      }
    }
    return found;
  }

  /** Without its quotes; what only a shell could make of it stays as it is. */
  private static String value(String text) {
    ShellWords words = ShellWords.of(text);
    boolean one = words.fault().isEmpty() && words.words().size() == 1;
    return one ? words.words().getFirst() : text.replaceAll("^\"(.*)\"$|^'(.*)'$", "$1$2");
  }
}
