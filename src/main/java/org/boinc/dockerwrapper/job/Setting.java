package org.boinc.dockerwrapper.job;

import java.util.Map;

/**
 * One value that somebody set, and where.
 *
 * @param value as {@link TomlDocument} gives it
 * @param path in the document, for the line
 * @param label the key as written, for people; the same as the path but for words inside a string
 *     such as {@code create_args --memory}
 * @param lines of the document; empty for the command line
 */
record Setting(
    Object value,
    Origin.Source source,
    String file,
    String path,
    String label,
    Map<String, Integer> lines) {

  static Setting of(
      TomlDocument document, Origin.Source source, String file, String path, Object value) {
    return new Setting(value, source, file, path, path, document.lines());
  }

  static Setting ofOption(String option, Object value) {
    return new Setting(value, Origin.Source.COMMAND_LINE, "command line", option, option, Map.of());
  }

  /** The same place, with what its value means. */
  Setting meaning(Object meant) {
    return new Setting(meant, source, file, path, label, lines);
  }

  /** The same place, seen as one option of a longer string. */
  Setting option(String option, Object meant) {
    return new Setting(meant, source, file, path, path + " " + option, lines);
  }

  /** An element of this list; one that came from elsewhere keeps its own place. */
  Setting element(int index, Object inner) {
    return inner instanceof Setting placed ? placed : below("[" + index + "]", inner);
  }

  /** An entry of this table; one that came from elsewhere keeps its own place. */
  Setting entry(String key, Object inner) {
    return inner instanceof Setting placed
        ? placed
        : below(TomlText.join(".", key).substring(1), inner);
  }

  private Setting below(String step, Object inner) {
    return new Setting(inner, source, file, path + step, label + step, lines);
  }

  /** Counted from 1; 0: no line, as for the command line. */
  int line() {
    String at = path;
    while (!lines.containsKey(at)) {
      int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
      if (cut < 0) {
        return 0;
      }
      at = at.substring(0, cut);
    }
    return lines.getOrDefault(at, 0);
  }

  Origin origin() {
    String name = label.substring(label.lastIndexOf('.') + 1);
    int line = line();
    return new Origin(source, line == 0 ? name : file + ":" + line + " " + name);
  }
}
