package org.boinc.dockerwrapper.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Splits a command line as a shell does, without ever running one: quotes and backslashes only. */
public final class ShellWords {
  /** What would do something in a shell, and must not pass for plain text. */
  private static final String ACTIVE = "$`;|&<>()";

  private final String text;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private char quote;
  private String fault = "";

  private ShellWords(String text) {
    this.text = text;
  }

  /** Splits it. */
  public static ShellWords of(String text) {
    ShellWords split = new ShellWords(text);
    split.scan();
    return split;
  }

  /** What it was split into, as far as that went. */
  public List<String> words() {
    return words;
  }

  /** Why the text can't be split. */
  public Optional<String> fault() {
    return fault.isEmpty() ? Optional.empty() : Optional.of(fault);
  }

  private void scan() {
    for (int i = 0; i < text.length() && fault.isEmpty(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quote != '\'') {
        i++;
        backslash(i);
      } else if (quote != 0) {
        quoted(c);
      } else {
        plain(c);
      }
    }
    if (fault.isEmpty() && quote != 0) {
      fault = "has a " + quote + " that is not closed";
    }
    end();
  }

  private void backslash(int next) {
    if (next >= text.length()) {
      fault = "ends in a backslash";
      return;
    }
    char c = text.charAt(next);
    if (quote == '"' && "\"\\$`\n".indexOf(c) < 0) {
      word.append('\\');
    }
    if (c != '\n') {
      word.append(c);
      inWord = true;
    }
  }

  private void quoted(char c) {
    if (c == quote) {
      quote = 0;
    } else if (quote == '"' && (c == '$' || c == '`')) {
      fault = active(c);
    } else {
      word.append(c);
    }
  }

  private void plain(char c) {
    if (c == '"' || c == '\'') {
      quote = c;
      inWord = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      end();
    } else if (ACTIVE.indexOf(c) >= 0) {
      fault = active(c);
    } else {
      word.append(c);
      inWord = true;
    }
  }

  private static String active(char c) {
    return "has a " + c + ", which no shell will see here; put it in single quotes if it is meant";
  }

  private void end() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }
}
