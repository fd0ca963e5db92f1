package org.boinc.dockerwrapper.simulate;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a workunit's command line as the client does (BOINC lib/str_util.cpp): at white space;
 * quotes count at the start of a word only, and there are no escapes.
 */
final class CommandLineWords {
  private CommandLineWords() {}

  static List<String> split(String commandLine) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < commandLine.length()) {
      char first = commandLine.charAt(at);
      if (Character.isWhitespace(first)) {
        at++;
      } else if (first == '\'' || first == '"') {
        int end = commandLine.indexOf(first, at + 1);
        words.add(commandLine.substring(at + 1, end < 0 ? commandLine.length() : end));
        at = end < 0 ? commandLine.length() : end + 1;
      } else {
        int end = at;
        while (end < commandLine.length() && !Character.isWhitespace(commandLine.charAt(end))) {
          end++;
        }
        words.add(commandLine.substring(at, end));
        at = end;
      }
    }
    return words;
  }
}
