package org.boinc.dockerwrapper.job;

import java.util.List;
import java.util.Map;

/** What can be wrong with a TOML text: one sentence each, with the cure. */
final class TomlFaults {
  private TomlFaults() {}

  /** What people call the type of a value. */
  static String kind(Object value) {
    return switch (value) {
      case String text -> "string";
      case Long number -> "whole number";
      case Double number -> "fraction";
      case Boolean flag -> "true or false";
      case List<?> list -> "array";
      case Map<?, ?> table -> "table";
      default -> throw new IllegalArgumentException("no TOML value: " + value.getClass());
    };
  }

  static String headerNotClosed() {
    return "the table's name must end with ] (or ]] if it began with [[)";
  }

  static String tooDeep() {
    return "is nested more than " + TomlText.DEEPEST + " levels deep; nothing here needs that";
  }

  static String tooMany() {
    return "is past the limit of "
        + TomlText.MOST_VALUES
        + " values in one file; the rest is not read";
  }

  static String dottedKey(String first) {
    return "dotted keys are not understood; write a header ["
        + first
        + "] with the rest of the key below it";
  }

  static String noEquals(String key) {
    return "= is missing after the key " + JobProblems.quoted(key);
  }

  static String noKey(String word) {
    return JobProblems.quoted(word)
        + " is not a key; keys are letters, digits, _ and -, anything else needs quotes";
  }

  static String mixedArray(Object first, Object next) {
    return "the array mixes values of type "
        + kind(first)
        + " and "
        + kind(next)
        + "; write all of them in one form (1.0 and 2.5, or all in quotes)";
  }

  static String arrayNotClosed() {
    return "the array is not closed; add ]";
  }

  static String tableNotClosed() {
    return "the table is not closed with } on its own line; write { … } on one line";
  }

  static String noComma(String word) {
    return "a comma is missing before " + JobProblems.shortened(word);
  }

  static String commaAtEndOfTable() {
    return "the comma before } must go";
  }

  static String duplicateKey(String key, int line) {
    return JobProblems.quoted(key) + " is set twice, first on line " + line + "; keep one";
  }

  static String duplicateTable(int line) {
    return "the table is there twice, first on line " + line + "; put its keys together";
  }

  static String notATable(int line) {
    return "is already a value on line " + line + "; it can't be a table as well";
  }

  static String overflow(String word) {
    return JobProblems.quoted(word) + " is too large a number";
  }

  static String stringNotClosed(boolean multiline, char quote) {
    return multiline
        ? "the text is not closed; add " + String.valueOf(quote).repeat(3)
        : "the text is not closed on its line; add "
            + quote
            + ", or write it between "
            + String.valueOf(quote).repeat(3);
  }

  static String controlCharacter(char c) {
    return String.format("has the control character 0x%02x in it; take it out", (int) c);
  }

  static String badEscape(char c) {
    return switch (c) {
      case 'u' -> "has a \\u without four hex digits of a character; write the character itself";
      case 'U' -> "\\U is not understood; write the character itself";
      default -> "has a lone backslash; put the text in single quotes 'like \\this'";
    };
  }

  static String textAfter(String word) {
    return "nothing may follow on the line but a comment; found " + JobProblems.shortened(word);
  }

  /** Legal TOML that toml4j gets wrong. */
  static String libraryMisreads(String raw) {
    if (raw.contains("\\")) {
      return "has a backslash that the TOML library would misread; put the text in single quotes"
          + " 'like \\this'";
    }
    return raw.matches("[+-]?[0-9._]+[eE].*")
        ? "is a number the TOML library would misread; write it without an exponent"
        : "would be misread by the TOML library; write plain keys, and strings on one line";
  }

  static String notAValue(String word) {
    if (word.isEmpty() || ",]}=".contains(word)) {
      return "the value is missing; write \"\" for an empty one";
    }
    String cure;
    if (word.matches("[+-]?0[xob].*")) {
      cure = "is not understood; write the number in decimal";
    } else if (word.matches("[+-]?0[0-9_]+.*")) {
      cure = "begins with a zero; write it without, or in quotes";
    } else if (word.matches("[0-9]{4}-[0-9]{2}-.*|[0-9]{2}:[0-9]{2}.*")) {
      cure = "is a date or time, which nothing here takes; write it in quotes";
    } else if (word.matches("[+-]?(inf|nan)")) {
      cure = "is no number to work with; write a finite one";
    } else if (word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false")) {
      cure = "must be in lower case";
    } else {
      cure = "is not a value; text needs quotes";
    }
    return JobProblems.quoted(word) + " " + cure;
  }
}
