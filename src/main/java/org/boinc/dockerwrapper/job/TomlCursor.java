package org.boinc.dockerwrapper.job;

/**
 * A place in a TOML text, with the reading of its smallest parts: white space, comments, strings.
 */
final class TomlCursor {
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String what) {
      super(what, null, false, false);
    }
  }

  private final char[] chars;
  private int at;
  private int line = 1;

  TomlCursor(String text) {
    this.chars = text.toCharArray();
  }

  int at() {
    return at;
  }

  /** Counted from 1. */
  int line() {
    return line;
  }

  void skip(int count) {
    at += count;
  }

  /** The text from a place on, with blanks for comments. */
  String since(int start) {
    return new String(chars, start, at - start);
  }

  /** A string in double quotes whose opening is consumed. */
  String basic(boolean multiline) throws Refused {
    StringBuilder text = new StringBuilder();
    if (multiline) {
      acceptNewline();
    }
    while (true) {
      if (multiline ? accept("\"\"\"") : accept('"')) {
        return text.toString();
      }
      char c = character(multiline, '"');
      if (c == '\\') {
        escape(multiline, text);
      } else {
        text.append(c);
      }
    }
  }

  String literal(boolean multiline) throws Refused {
    StringBuilder text = new StringBuilder();
    if (multiline) {
      acceptNewline();
    }
    while (true) {
      if (multiline ? accept("'''") : accept('\'')) {
        return text.toString();
      }
      text.append(character(multiline, '\''));
    }
  }

  char character(boolean multiline, char quote) throws Refused {
    char c = peek();
    if (ended() || (c == '\n' && !multiline)) {
      throw new Refused(TomlFaults.stringNotClosed(multiline, quote));
    }
    if ((c < ' ' && c != '\t' && c != '\n') || c == 0x7f) {
      throw new Refused(TomlFaults.controlCharacter(c));
    }
    at++;
    if (c == '\n') {
      line++;
    }
    return c;
  }

  void escape(boolean multiline, StringBuilder text) throws Refused {
    char c = peek();
    int plain = "btnfr\"\\".indexOf(c);
    if (plain >= 0) {
      at++;
      text.append("\b\t\n\f\r\"\\".charAt(plain));
    } else if (c == 'u') {
      at++;
      text.append(unicode());
    } else if (multiline && (c == '\n' || c == ' ' || c == '\t')) {
      lineEndingBackslash();
    } else {
      throw new Refused(TomlFaults.badEscape(c));
    }
  }

  char unicode() throws Refused {
    String hex = new String(chars, at, Math.min(4, chars.length - at));
    if (!hex.matches("[0-9A-Fa-f]{4}")) {
      throw new Refused(TomlFaults.badEscape('u'));
    }
    at += 4;
    char c = (char) Integer.parseInt(hex, 16);
    if (Character.isSurrogate(c)) {
      throw new Refused(TomlFaults.badEscape('u'));
    }
    return c;
  }

  void lineEndingBackslash() throws Refused {
    skipSpaces();
    if (!acceptNewline()) {
      throw new Refused(TomlFaults.badEscape(' '));
    }
    while (acceptNewline() || accept(' ') || accept('\t')) {
      // The white space up to the next character belongs to the backslash.
    }
  }

  String restOfLine() {
    int end = at;
    while (end < chars.length && chars[end] != '\n') {
      end++;
    }
    return new String(chars, at, end - at);
  }

  /** What stands here up to the next separator. */
  String word() {
    int end = at;
    while (end < chars.length && " \t\n,]}#=".indexOf(chars[end]) < 0) {
      end++;
    }
    boolean oneAtLeast = end == at && end < chars.length && ",]}=".indexOf(chars[end]) >= 0;
    return new String(chars, at, end - at + (oneAtLeast ? 1 : 0));
  }

  void skipBlank() {
    do {
      skipSpaces();
      skipComment();
    } while (acceptNewline());
  }

  void skipSpaces() {
    while (accept(' ') || accept('\t')) {
      // Nothing else to do: accept moves on.
    }
  }

  /** Comments are overwritten, because toml4j stumbles over some. */
  void skipComment() {
    if (peek() == '#') {
      while (!ended() && peek() != '\n') {
        chars[at++] = ' ';
      }
    }
  }

  boolean acceptNewline() {
    if (accept('\n')) {
      line++;
      return true;
    }
    return false;
  }

  boolean accept(String expected) {
    boolean found = new String(chars, at, Math.min(3, chars.length - at)).equals(expected);
    if (found) {
      at += expected.length();
    }
    return found;
  }

  boolean accept(char expected) {
    if (ended() || chars[at] != expected) {
      return false;
    }
    at++;
    return true;
  }

  /** Consumes a character that is there; always false, for the one-line form of a string. */
  boolean take(char expected) {
    if (!accept(expected)) {
      throw new IllegalStateException("no " + expected + " at " + at);
    }
    return false;
  }

  boolean ended() {
    return at >= chars.length;
  }

  char peek() {
    return ended() ? 0 : chars[at];
  }

  static boolean isBare(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
