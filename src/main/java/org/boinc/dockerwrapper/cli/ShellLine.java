package org.boinc.dockerwrapper.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Words as a shell reads them back; line breaks and other control characters in bash's form, so
 * that a terminal is told nothing by them.
 */
final class ShellLine {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellLine() {}

  static String of(List<String> words) {
    return words.stream().map(ShellLine::quoted).collect(Collectors.joining(" "));
  }

  static String quoted(String word) {
    if (word.chars().anyMatch(Character::isISOControl)) {
      return "$'" + visible(word.replace("\\", "\\\\").replace("'", "\\'")) + "'";
    }
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** The same text on one line, each control character as an escape sequence. */
  static String visible(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> shown.append("\\n");
        case '\t' -> shown.append("\\t");
        default -> shown.append(Character.isISOControl(c) ? "\\u%04x".formatted((int) c) : c);
      }
    }
    return shown.toString();
  }
}
