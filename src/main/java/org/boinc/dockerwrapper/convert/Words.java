package org.boinc.dockerwrapper.convert;

import java.util.List;
import org.boinc.dockerwrapper.job.ShellWords;

/** Command lines, which may be a shell's. */
final class Words {
  private static final String SHELL_ACTIVE = "$`;|&<>()*?[]~\n";

  private Words() {}

  /**
   * The words of a line; the present directory, whose files are a job's input files, as {@code .}.
   */
  static List<String> of(String line) throws NotConvertible {
    return split(line).stream().map(Words::plain).toList();
  }

  /** The same with its braces. */
  static List<String> split(String line) throws NotConvertible {
    String plain =
        line.replaceAll("\\$\\(pwd\\)|\\$\\{PWD}|\\$PWD\\b|`pwd`", ".").replace("\\\r\n", "\\\n");
    ShellWords words = ShellWords.of(plain);
    if (words.fault().isPresent()) {
      throw new NotConvertible("'%s' %s".formatted(line.strip(), words.fault().get()));
    }
    return words.words();
  }

  /**
   * A shell's {@code ${NAME}} as {@code $NAME}, where that means the same: braces are macros in a
   * job.toml.
   */
  static String plain(String word) {
    return word.replaceAll("\\$\\{([A-Za-z_]\\w*)}(?!\\w)", "\\$$1");
  }

  /** A command that was one string, for a shell where one is needed. */
  static List<String> command(String text) {
    ShellWords words = ShellWords.of(text);
    boolean needsShell = text.chars().anyMatch(c -> SHELL_ACTIVE.indexOf(c) >= 0);
    return words.fault().isPresent() || needsShell
        ? List.of("sh", "-c", plain(text))
        : words.words();
  }

  /** For a shell, quoted where it would be read otherwise. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
