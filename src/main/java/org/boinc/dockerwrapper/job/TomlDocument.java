package org.boinc.dockerwrapper.job;

import com.moandjiezana.toml.Toml;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A TOML file as maps, lists, strings, longs, doubles and booleans, with the line of every path.
 *
 * <p>The only class that knows toml4j. Each value goes to toml4j by itself and counts only if
 * {@link TomlText} read the same, so nothing is dropped or misread in silence; tables, duplicates
 * and lines are kept here.
 */
final class TomlDocument {
  /** No job.toml comes near it. */
  static final int MOST_BYTES = 1 << 20;

  private record Place(Map<String, Object> table, String path) {}

  private final String file;
  private final Map<String, Object> root = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new HashMap<>();
  private final Map<String, Integer> headers = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private TomlDocument(String file) {
    this.file = file;
  }

  /** Never throws; what can't be read is a problem and missing in {@link #root}. */
  static TomlDocument read(byte[] bytes, String file) {
    TomlDocument document = new TomlDocument(file);
    if (bytes.length > MOST_BYTES) {
      document.refuse(0, "", "is " + bytes.length + " bytes, the limit is 1 MiB");
      return document;
    }
    document.decoded(bytes).ifPresent(document::fill);
    return document;
  }

  Map<String, Object> root() {
    return root;
  }

  /** By path such as {@code files.in[0].dst}. */
  Map<String, Integer> lines() {
    return lines;
  }

  List<Problem> problems() {
    return problems;
  }

  private Optional<String> decoded(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        refuse(0, "", "has a zero byte in it, so it is not a text file; save it as UTF-8 text");
        return Optional.empty();
      }
    }
    CharBuffer text = CharBuffer.allocate(bytes.length);
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    boolean bad = decoder.decode(ByteBuffer.wrap(bytes), text, true).isError();
    text.flip();
    if (bad) {
      int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
      refuse(line, "", "the text is not UTF-8 from here on; save it as UTF-8");
      return Optional.empty();
    }
    boolean mark = text.length() > 0 && text.charAt(0) == '\uFEFF';
    return Optional.of((mark ? text.subSequence(1, text.length()) : text).toString());
  }

  private void fill(String text) {
    TomlText index = TomlText.of(text, file);
    problems.addAll(index.problems());
    Optional<Place> place = Optional.of(new Place(root, ""));
    for (TomlText.Statement statement : index.statements()) {
      switch (statement) {
        case TomlText.Statement.Header header -> place = open(header);
        case TomlText.Statement.Assignment assignment ->
            place.ifPresent(table -> assign(table, assignment));
      }
    }
  }

  private void assign(Place place, TomlText.Statement.Assignment assignment) {
    String path = TomlText.join(place.path(), assignment.key());
    if (place.table().containsKey(assignment.key())) {
      String what = TomlFaults.duplicateKey(assignment.key(), lines.getOrDefault(path, 0));
      refuse(assignment.line(), path, what);
      return;
    }
    if (!agrees(assignment)) {
      refuse(assignment.line(), path, TomlFaults.libraryMisreads(assignment.raw()));
      return;
    }
    place.table().put(assignment.key(), assignment.value());
    assignment.lines().forEach((inner, line) -> lines.put(below(path, inner), line));
    lines.put(path, assignment.line());
  }

  private static String below(String path, String inner) {
    return inner.isEmpty() || inner.startsWith("[") ? path + inner : path + "." + inner;
  }

  private static boolean agrees(TomlText.Statement.Assignment assignment) {
    try {
      Object read = new Toml().read("v = " + assignment.raw() + "\n").toMap().get("v");
      return read != null && assignment.value().equals(unquoted(read));
    } catch (RuntimeException refusal) {
      return false; // the caller says so, with a cure where toml4j's own words have none
    }
  }

  /** toml4j keeps the quotes of quoted keys. */
  private static Object unquoted(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<Object, Object> plain = new HashMap<>();
        map.forEach((key, inner) -> plain.put(unquotedKey(String.valueOf(key)), unquoted(inner)));
        yield plain;
      }
      case List<?> list -> list.stream().map(TomlDocument::unquoted).toList();
      default -> value;
    };
  }

  private static String unquotedKey(String key) {
    boolean quoted =
        key.length() >= 2
            && (key.charAt(0) == '"' || key.charAt(0) == '\'')
            && key.charAt(key.length() - 1) == key.charAt(0);
    return quoted ? key.substring(1, key.length() - 1) : key;
  }

  private Optional<Place> open(TomlText.Statement.Header header) {
    Place place = new Place(root, "");
    List<String> path = header.path();
    for (String name : path.subList(0, path.size() - 1)) {
      Optional<Place> next = descend(place, name, header.line());
      if (next.isEmpty()) {
        return next;
      }
      place = next.get();
    }
    return header.array()
        ? openElement(place, path.getLast(), header.line())
        : openTable(place, path.getLast(), header.line());
  }

  private Optional<Place> descend(Place place, String name, int line) {
    String path = TomlText.join(place.path(), name);
    Object next = place.table().get(name);
    if (next instanceof List<?> list && headers.containsKey(path + "[0]")) {
      return Optional.of(new Place(table(list.getLast()), path + "[" + (list.size() - 1) + "]"));
    }
    if (next == null) {
      Map<String, Object> fresh = new LinkedHashMap<>();
      place.table().put(name, fresh);
      lines.putIfAbsent(path, line);
      headers.put(path, 0);
      return Optional.of(new Place(fresh, path));
    }
    if (headers.containsKey(path)) {
      return Optional.of(new Place(table(next), path));
    }
    refuse(line, path, TomlFaults.notATable(lines.getOrDefault(path, 0)));
    return Optional.empty();
  }

  private Optional<Place> openTable(Place place, String name, int line) {
    String path = TomlText.join(place.path(), name);
    int first = headers.getOrDefault(path, 0);
    if (first > 0 || headers.containsKey(path + "[0]")) {
      refuse(line, path, TomlFaults.duplicateTable(lines.getOrDefault(path, 0)));
      return Optional.empty();
    }
    Optional<Place> opened = descend(place, name, line);
    opened.ifPresent(
        table -> {
          headers.put(path, line);
          lines.put(path, line);
        });
    return opened;
  }

  private Optional<Place> openElement(Place place, String name, int line) {
    String path = TomlText.join(place.path(), name);
    Object existing = place.table().get(name);
    Map<String, Object> fresh = new LinkedHashMap<>();
    List<Object> list;
    if (existing == null) {
      list = new ArrayList<>();
      place.table().put(name, list);
      lines.put(path, line);
    } else if (headers.containsKey(path + "[0]")) {
      list = elements(existing);
    } else {
      refuse(line, path, TomlFaults.notATable(lines.getOrDefault(path, 0)));
      return Optional.empty();
    }
    String element = path + "[" + list.size() + "]";
    list.add(fresh);
    lines.put(element, line);
    headers.put(element, line);
    return Optional.of(new Place(fresh, element));
  }

  @SuppressWarnings("unchecked") // only fill() puts maps and lists in, and always of these types
  private static Map<String, Object> table(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked") // as above
  private static List<Object> elements(Object value) {
    return (List<Object>) value;
  }

  private void refuse(int line, String key, String what) {
    problems.add(new Problem(Problem.Severity.ERROR, file, line, key, what));
  }
}
