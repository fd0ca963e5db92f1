package org.boinc.dockerwrapper.job;

import java.util.regex.Pattern;

/** The values of TOML 0.4 that stand without quotes or brackets; a date is none here. */
final class TomlScalar {
  private static final Pattern INTEGER = Pattern.compile("[+-]?(0|[1-9](_?[0-9])*+)");
  private static final Pattern FLOAT =
      Pattern.compile(
          "[+-]?(0|[1-9](_?[0-9])*+)(\\.[0-9](_?[0-9])*+)?([eE][+-]?[0-9](_?[0-9])*+)?");

  private TomlScalar() {}

  /** A Boolean, Long or Double. */
  static Object parse(String word) throws TomlCursor.Refused {
    if (word.equals("true") || word.equals("false")) {
      return word.equals("true");
    }
    String digits = word.replace("_", "");
    if (INTEGER.matcher(word).matches()) {
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException tooLarge) {
        throw new TomlCursor.Refused(TomlFaults.overflow(word));
      }
    }
    if (FLOAT.matcher(word).matches()) {
      double number = Double.parseDouble(digits);
      if (Double.isInfinite(number)) {
        throw new TomlCursor.Refused(TomlFaults.overflow(word));
      }
      return number;
    }
    throw new TomlCursor.Refused(TomlFaults.notAValue(word));
  }
}
