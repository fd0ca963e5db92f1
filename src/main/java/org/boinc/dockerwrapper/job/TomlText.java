package org.boinc.dockerwrapper.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The statements of a TOML 0.4 text with their lines, read strictly.
 *
 * <p>toml4j drops a key without a value, reads {@code 0123} as 123, takes a list without commas and
 * more; {@link TomlDocument} believes it only where this index says the same. What is wrong is
 * reported with its cure, and reading goes on with the next statement.
 */
final class TomlText {
  /** Deeper nesting has no use in a job.toml and would overflow toml4j's stack. */
  static final int DEEPEST = 16;

  /** toml4j needs time in proportion to values times size. */
  static final int MOST_VALUES = 10_000;

  /** A header or an assignment, in the order of the file. */
  sealed interface Statement {
    int line();

    /** {@code [path]}, or {@code [[path]]} when it starts an element of an array of tables. */
    record Header(List<String> path, boolean array, int line) implements Statement {}

    /**
     * {@code key = value}.
     *
     * @param raw the value as written, without comments
     * @param lines the lines of what is inside the value, by path relative to it
     */
    record Assignment(String key, String raw, Object value, int line, Map<String, Integer> lines)
        implements Statement {}
  }

  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String what) {
      super(what, null, false, false);
    }
  }

  private static final Pattern INTEGER = Pattern.compile("[+-]?(0|[1-9](_?[0-9])*+)");
  private static final Pattern FLOAT =
      Pattern.compile(
          "[+-]?(0|[1-9](_?[0-9])*+)(\\.[0-9](_?[0-9])*+)?([eE][+-]?[0-9](_?[0-9])*+)?");

  /** Where reading goes on after a fault; lines of an array don't look like this. */
  private static final Pattern FRESH_START =
      Pattern.compile(
          "\\s*([A-Za-z0-9_\"'.-]++\\s*=[^=].*|\\[\\[?[^\\[\\],\"'{}=]++]]?\\s*(#.*)?)");

  private final String file;
  private final char[] chars;
  private final List<Statement> statements = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private Map<String, Integer> inside = new LinkedHashMap<>();
  private String key = "";
  private int at;
  private int line = 1;
  private int values;
  private boolean underBadHeader;

  private TomlText(String text, String file) {
    this.file = file;
    this.chars = text.toCharArray();
  }

  static TomlText of(String text, String file) {
    TomlText read = new TomlText(text.replace("\r\n", "\n"), file);
    read.skipBlank();
    while (read.at < read.chars.length && read.values <= MOST_VALUES) {
      read.statement();
      read.skipBlank();
    }
    return read;
  }

  List<Statement> statements() {
    return statements;
  }

  List<Problem> problems() {
    return problems;
  }

  /** The path of a key below another, with quotes where TOML needs them. */
  static String join(String parent, String key) {
    boolean bare = !key.isEmpty() && key.chars().allMatch(TomlText::isBare);
    String shown = bare ? key : JobProblems.quoted(key);
    return parent.isEmpty() ? shown : parent + "." + shown;
  }

  private void statement() {
    int first = line;
    boolean header = peek() == '[';
    key = "";
    try {
      Statement read = header ? header() : assignment();
      endOfLine();
      if (header) {
        underBadHeader = false;
      }
      if (!underBadHeader) {
        statements.add(read);
      }
    } catch (Refused refused) {
      underBadHeader |= header;
      problems.add(
          new Problem(
              Problem.Severity.ERROR,
              file,
              key.isEmpty() ? first : line,
              key,
              String.valueOf(refused.getMessage())));
      recover();
    }
  }

  private Statement header() throws Refused {
    int first = line;
    take('[');
    boolean array = accept('[');
    List<String> path = new ArrayList<>();
    do {
      skipSpaces();
      path.add(readKey());
      skipSpaces();
    } while (accept('.'));
    if (!accept(']') || (array && !accept(']'))) {
      throw new Refused(TomlFaults.headerNotClosed());
    }
    if (path.size() > DEEPEST) {
      throw new Refused(TomlFaults.tooDeep());
    }
    return new Statement.Header(path, array, first);
  }

  private Statement assignment() throws Refused {
    int first = line;
    String name = readKey();
    skipSpaces();
    if (peek() == '.') {
      throw new Refused(TomlFaults.dottedKey(name));
    }
    if (!accept('=')) {
      throw new Refused(TomlFaults.noEquals(name));
    }
    key = join("", name);
    skipSpaces();
    int start = at;
    inside = new LinkedHashMap<>();
    Object value = value("", 0);
    return new Statement.Assignment(
        name, new String(chars, start, at - start), value, first, inside);
  }

  private String readKey() throws Refused {
    if (accept('"')) {
      return basic(false);
    }
    if (accept('\'')) {
      return literal(false);
    }
    int start = at;
    while (isBare(peek())) {
      at++;
    }
    if (at == start) {
      throw new Refused(TomlFaults.noKey(word()));
    }
    return new String(chars, start, at - start);
  }

  private Object value(String path, int depth) throws Refused {
    if (depth > DEEPEST) {
      throw new Refused(TomlFaults.tooDeep());
    }
    if (++values > MOST_VALUES) {
      throw new Refused(TomlFaults.tooMany());
    }
    inside.put(path, line);
    return switch (peek()) {
      case '"' -> accept("\"\"\"") ? basic(true) : basic(take('"'));
      case '\'' -> accept("'''") ? literal(true) : literal(take('\''));
      case '[' -> array(path, depth);
      case '{' -> inlineTable(path, depth);
      default -> bareValue();
    };
  }

  private List<Object> array(String path, int depth) throws Refused {
    take('[');
    List<Object> list = new ArrayList<>();
    skipBlank();
    while (!accept(']')) {
      Object next = value(path + "[" + list.size() + "]", depth + 1);
      if (!list.isEmpty() && !TomlFaults.kind(list.getFirst()).equals(TomlFaults.kind(next))) {
        throw new Refused(TomlFaults.mixedArray(list.getFirst(), next));
      }
      list.add(next);
      skipBlank();
      if (!accept(',') && peek() != ']') {
        throw new Refused(ended() ? TomlFaults.arrayNotClosed() : TomlFaults.noComma(word()));
      }
      skipBlank();
    }
    return list;
  }

  private Map<String, Object> inlineTable(String path, int depth) throws Refused {
    take('{');
    Map<String, Object> table = new LinkedHashMap<>();
    skipSpaces();
    while (!accept('}')) {
      String name = readInlineKey();
      Object previous = table.put(name, value(join(path, name), depth + 1));
      if (previous != null) {
        throw new Refused(TomlFaults.duplicateKey(name, line));
      }
      skipSpaces();
      if (accept(',')) {
        skipSpaces();
        if (peek() == '}') {
          throw new Refused(TomlFaults.commaAtEndOfTable());
        }
      } else if (peek() != '}') {
        throw new Refused(
            ended() || peek() == '\n' ? TomlFaults.tableNotClosed() : TomlFaults.noComma(word()));
      }
    }
    return table;
  }

  private String readInlineKey() throws Refused {
    if (ended() || peek() == '\n') {
      throw new Refused(TomlFaults.tableNotClosed());
    }
    String name = readKey();
    skipSpaces();
    if (peek() == '.') {
      throw new Refused(TomlFaults.dottedKey(name));
    }
    if (!accept('=')) {
      throw new Refused(TomlFaults.noEquals(name));
    }
    skipSpaces();
    return name;
  }

  private Object bareValue() throws Refused {
    String word = word();
    at += word.length();
    if (word.equals("true") || word.equals("false")) {
      return word.equals("true");
    }
    String digits = word.replace("_", "");
    if (INTEGER.matcher(word).matches()) {
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException tooLarge) {
        throw new Refused(TomlFaults.overflow(word));
      }
    }
    if (FLOAT.matcher(word).matches()) {
      double number = Double.parseDouble(digits);
      if (Double.isInfinite(number)) {
        throw new Refused(TomlFaults.overflow(word));
      }
      return number;
    }
    throw new Refused(TomlFaults.notAValue(word));
  }

  /** A string in double quotes whose opening is consumed. */
  private String basic(boolean multiline) throws Refused {
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

  private String literal(boolean multiline) throws Refused {
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

  private char character(boolean multiline, char quote) throws Refused {
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

  private void escape(boolean multiline, StringBuilder text) throws Refused {
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

  private char unicode() throws Refused {
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

  private void lineEndingBackslash() throws Refused {
    skipSpaces();
    if (!acceptNewline()) {
      throw new Refused(TomlFaults.badEscape(' '));
    }
    while (acceptNewline() || accept(' ') || accept('\t')) {
      // The white space up to the next character belongs to the backslash.
    }
  }

  private void endOfLine() throws Refused {
    skipSpaces();
    skipComment();
    if (!ended() && !acceptNewline()) {
      throw new Refused(TomlFaults.textAfter(word()));
    }
  }

  private void recover() {
    do {
      while (!ended() && peek() != '\n') {
        at++;
      }
      acceptNewline();
    } while (!ended() && !FRESH_START.matcher(restOfLine()).matches());
  }

  private String restOfLine() {
    int end = at;
    while (end < chars.length && chars[end] != '\n') {
      end++;
    }
    return new String(chars, at, end - at);
  }

  /** What stands here up to the next separator. */
  private String word() {
    int end = at;
    while (end < chars.length && " \t\n,]}#=".indexOf(chars[end]) < 0) {
      end++;
    }
    return new String(chars, at, end - at);
  }

  private void skipBlank() {
    do {
      skipSpaces();
      skipComment();
    } while (acceptNewline());
  }

  private void skipSpaces() {
    while (accept(' ') || accept('\t')) {
      // Nothing else to do: accept moves on.
    }
  }

  /** Comments are overwritten, because toml4j stumbles over some. */
  private void skipComment() {
    if (peek() == '#') {
      while (!ended() && peek() != '\n') {
        chars[at++] = ' ';
      }
    }
  }

  private boolean acceptNewline() {
    if (accept('\n')) {
      line++;
      return true;
    }
    return false;
  }

  private boolean accept(String expected) {
    boolean found = new String(chars, at, Math.min(3, chars.length - at)).equals(expected);
    if (found) {
      at += expected.length();
    }
    return found;
  }

  private boolean accept(char expected) {
    if (ended() || chars[at] != expected) {
      return false;
    }
    at++;
    return true;
  }

  /** Consumes a character that is there; always false, for the one-line form of a string. */
  private boolean take(char expected) {
    if (!accept(expected)) {
      throw new IllegalStateException("no " + expected + " at " + at);
    }
    return false;
  }

  private boolean ended() {
    return at >= chars.length;
  }

  private char peek() {
    return ended() ? 0 : chars[at];
  }

  private static boolean isBare(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
