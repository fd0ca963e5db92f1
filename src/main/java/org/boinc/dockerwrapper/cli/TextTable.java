package org.boinc.dockerwrapper.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines whose words stand below each other. */
final class TextTable {
  private static final String BETWEEN = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  /** One more line; what comes from elsewhere is shown without its control characters. */
  TextTable row(String... words) {
    List<String> row = new ArrayList<>();
    for (String word : words) {
      row.add(ShellLine.visible(word));
    }
    rows.add(row);
    return this;
  }

  /** With a line break after each but the last. */
  String text() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length()).append(BETWEEN);
      }
      lines.add(line.toString().stripTrailing());
    }
    return String.join(System.lineSeparator(), lines);
  }
}
