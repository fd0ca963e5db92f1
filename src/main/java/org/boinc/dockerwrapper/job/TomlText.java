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

  /** toml4j needs time in proportion to values times size. Headers count, too. */
  static final int MOST_VALUES = 4096;

  /** Nobody mends more at once, and a hostile text must not fill the memory. */
  private static final int MOST_PROBLEMS = 200;

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

  /** Where reading goes on after a fault inside brackets: what follows there is indented. */
  private static final Pattern FRESH_START =
      Pattern.compile("[A-Za-z0-9_\"'.-]++\\s*=[^=].*|\\s*\\[\\[?[^\\[\\],\"'{}=]++]]?\\s*(#.*)?");

  private final String file;
  private final TomlCursor in;
  private final List<Statement> statements = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private Map<String, Integer> inside = new LinkedHashMap<>();
  private String table = "";
  private String key = "";
  private int open;
  private int values;
  private boolean underBadHeader;

  private TomlText(String text, String file) {
    this.file = file;
    this.in = new TomlCursor(text);
  }

  static TomlText of(String text, String file) {
    TomlText read = new TomlText(text.replace("\r\n", "\n"), file);
    read.in.skipBlank();
    while (!read.in.ended() && read.values <= MOST_VALUES && read.problems.size() < MOST_PROBLEMS) {
      read.statement();
      read.in.skipBlank();
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
    boolean bare = !key.isEmpty() && key.chars().allMatch(TomlCursor::isBare);
    String shown = bare ? key : JobProblems.quoted(key);
    return parent.isEmpty() ? shown : parent + "." + shown;
  }

  private void statement() {
    int first = in.line();
    boolean header = in.peek() == '[';
    key = "";
    open = 0;
    try {
      Statement read = header ? header() : assignment();
      endOfLine();
      if (header) {
        underBadHeader = false;
      }
      if (!underBadHeader) {
        statements.add(read);
      }
    } catch (TomlCursor.Refused refused) {
      underBadHeader |= header;
      problems.add(
          new Problem(
              Problem.Severity.ERROR,
              file,
              key.isEmpty() ? first : in.line(),
              key,
              String.valueOf(refused.getMessage())));
      recover();
    }
  }

  private Statement header() throws TomlCursor.Refused {
    int first = in.line();
    in.take('[');
    boolean array = in.accept('[');
    List<String> path = new ArrayList<>();
    do {
      in.skipSpaces();
      path.add(readKey());
      if (path.size() > DEEPEST) {
        throw new TomlCursor.Refused(TomlFaults.tooDeep());
      }
      in.skipSpaces();
    } while (in.accept('.'));
    if (!in.accept(']') || (array && !in.accept(']'))) {
      throw new TomlCursor.Refused(TomlFaults.headerNotClosed());
    }
    table = path.stream().reduce("", TomlText::join);
    countValue();
    return new Statement.Header(path, array, first);
  }

  private Statement assignment() throws TomlCursor.Refused {
    int first = in.line();
    String name = readAssignedKey();
    key = join(table, name);
    int start = in.at();
    inside = new LinkedHashMap<>();
    Object value = value("", 0);
    return new Statement.Assignment(name, in.since(start), value, first, inside);
  }

  /** A key, the equals sign and the spaces around them. */
  private String readAssignedKey() throws TomlCursor.Refused {
    String name = readKey();
    in.skipSpaces();
    if (in.peek() == '.') {
      throw new TomlCursor.Refused(TomlFaults.dottedKey(join(table, name)));
    }
    if (!in.accept('=')) {
      throw new TomlCursor.Refused(TomlFaults.noEquals(name));
    }
    in.skipSpaces();
    return name;
  }

  private String readKey() throws TomlCursor.Refused {
    if (in.accept('"')) {
      return in.basic(false);
    }
    if (in.accept('\'')) {
      return in.literal(false);
    }
    int start = in.at();
    while (TomlCursor.isBare(in.peek())) {
      in.skip(1);
    }
    if (in.at() == start) {
      throw new TomlCursor.Refused(TomlFaults.noKey(in.word()));
    }
    return in.since(start);
  }

  private Object value(String path, int depth) throws TomlCursor.Refused {
    if (depth > DEEPEST) {
      throw new TomlCursor.Refused(TomlFaults.tooDeep());
    }
    countValue();
    inside.put(path, in.line());
    return switch (in.peek()) {
      case '"' -> in.accept("\"\"\"") ? in.basic(true) : in.basic(in.take('"'));
      case '\'' -> in.accept("'''") ? in.literal(true) : in.literal(in.take('\''));
      case '[' -> array(path, depth);
      case '{' -> inlineTable(path, depth);
      default -> {
        String word = in.word();
        in.skip(word.length());
        yield TomlScalar.parse(word);
      }
    };
  }

  private void countValue() throws TomlCursor.Refused {
    if (++values > MOST_VALUES) {
      throw new TomlCursor.Refused(TomlFaults.tooMany());
    }
  }

  private List<Object> array(String path, int depth) throws TomlCursor.Refused {
    in.take('[');
    open++;
    List<Object> list = new ArrayList<>();
    in.skipBlank();
    while (!in.accept(']')) {
      Object next = value(path + "[" + list.size() + "]", depth + 1);
      if (!list.isEmpty() && !TomlFaults.kind(list.getFirst()).equals(TomlFaults.kind(next))) {
        throw new TomlCursor.Refused(TomlFaults.mixedArray(list.getFirst(), next));
      }
      list.add(next);
      in.skipBlank();
      if (!in.accept(',') && in.peek() != ']') {
        throw new TomlCursor.Refused(
            in.ended() ? TomlFaults.arrayNotClosed() : TomlFaults.noComma(in.word()));
      }
      in.skipBlank();
    }
    open--;
    return list;
  }

  private Map<String, Object> inlineTable(String path, int depth) throws TomlCursor.Refused {
    in.take('{');
    open++;
    Map<String, Object> entries = new LinkedHashMap<>();
    in.skipSpaces();
    while (!in.accept('}')) {
      if (in.ended() || in.peek() == '\n') {
        throw new TomlCursor.Refused(TomlFaults.tableNotClosed());
      }
      String name = readAssignedKey();
      Object previous = entries.put(name, value(join(path, name), depth + 1));
      if (previous != null) {
        throw new TomlCursor.Refused(TomlFaults.duplicateKey(name, in.line()));
      }
      in.skipSpaces();
      if (in.accept(',')) {
        in.skipSpaces();
        if (in.peek() == '}') {
          throw new TomlCursor.Refused(TomlFaults.commaAtEndOfTable());
        }
      } else if (in.peek() != '}') {
        throw new TomlCursor.Refused(
            in.ended() || in.peek() == '\n'
                ? TomlFaults.tableNotClosed()
                : TomlFaults.noComma(in.word()));
      }
    }
    open--;
    return entries;
  }

  private void endOfLine() throws TomlCursor.Refused {
    in.skipSpaces();
    in.skipComment();
    if (!in.ended() && !in.acceptNewline()) {
      throw new TomlCursor.Refused(TomlFaults.textAfter(in.word()));
    }
  }

  private void recover() {
    do {
      while (!in.ended() && in.peek() != '\n') {
        in.skip(1);
      }
      in.acceptNewline();
    } while (!in.ended() && open > 0 && !FRESH_START.matcher(in.restOfLine()).matches());
  }
}
