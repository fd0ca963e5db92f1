package org.boinc.dockerwrapper.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A job.toml that is being written: keys by table, and what has no key. */
final class JobDraft {
  /** The order of the tables in the file. */
  private static final List<String> TABLES =
      List.of(
          "",
          "image",
          "container",
          "files",
          "resources",
          "gpu",
          "network",
          "progress",
          "checkpoint",
          "security",
          "cluster");

  private final Map<String, Map<String, Object>> tables = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  JobDraft() {
    TABLES.forEach(table -> tables.put(table, new LinkedHashMap<>()));
  }

  /**
   * Sets a key, such as {@code image.name}.
   *
   * @param value string, number, truth, list or map
   */
  JobDraft set(String key, Object value) {
    table(key).put(name(key), value);
    return this;
  }

  /** Adds to a list. */
  JobDraft add(String key, Object value) {
    List<Object> list = new ArrayList<>(list(key));
    list.add(value);
    return set(key, list);
  }

  /** Adds to a table within a table, such as container.env. */
  JobDraft put(String key, String name, Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (table(key).get(name(key)) instanceof Map<?, ?> before) {
      before.forEach((field, old) -> map.put((String) field, old));
    }
    map.put(name, value);
    return set(key, map);
  }

  private List<?> list(String key) {
    return table(key).get(name(key)) instanceof List<?> list ? list : List.of();
  }

  boolean has(String key) {
    return table(key).containsKey(name(key));
  }

  /**
   * Says what is not in the file.
   *
   * @param what as it stood in the source
   * @param why one sentence, or what to do
   */
  JobDraft note(String what, String why) {
    notes.add(what + ": " + why);
    return this;
  }

  /**
   * Takes a key out again.
   *
   * @param path of the key, perhaps with an index or a name within it
   * @param why a host would refuse it
   * @return false: there is no such key
   */
  boolean drop(String path, String why) {
    for (Map.Entry<String, Map<String, Object>> table : tables.entrySet()) {
      for (Map.Entry<String, Object> entry : List.copyOf(table.getValue().entrySet())) {
        String key = entry.getKey();
        Object value = entry.getValue();
        String full = table.getKey().isEmpty() ? key : table.getKey() + "." + key;
        if (path.equals(full) || path.startsWith(full + ".") || path.startsWith(full + "[")) {
          if (!dropElement(table.getValue(), key, path.substring(full.length()))) {
            table.getValue().remove(key);
          }
          note(full + " = " + TomlValue.of(value), why);
          return true;
        }
      }
    }
    return false;
  }

  /** Of a list or a table within a table only what is wrong goes. */
  private static boolean dropElement(Map<String, Object> table, String key, String rest) {
    if (table.get(key) instanceof Map<?, ?> map && rest.startsWith(".")) {
      Map<Object, Object> others = new LinkedHashMap<>(map);
      boolean known = others.remove(rest.substring(1)) != null && !others.isEmpty();
      if (known) {
        table.put(key, others);
      }
      return known;
    }
    if (table.get(key) instanceof List<?> list && rest.matches("\\[\\d{1,4}].*")) {
      List<Object> others = new ArrayList<>(list);
      int index = Integer.parseInt(rest.substring(1, rest.indexOf(']')));
      if (index < others.size() && others.size() > 1) {
        others.remove(index);
        table.put(key, others);
        return true;
      }
    }
    return false;
  }

  private Map<String, Object> table(String key) {
    int dot = key.indexOf('.');
    Map<String, Object> table = tables.get(dot < 0 ? "" : key.substring(0, dot));
    if (table == null) {
      throw new IllegalArgumentException("no such table: " + key);
    }
    return table;
  }

  private static String name(String key) {
    return key.substring(key.indexOf('.') + 1);
  }

  /** What could not be carried over. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * The file.
   *
   * @param from what it was made from, for its first line
   */
  String text(String from) {
    StringBuilder text = new StringBuilder("# Converted from " + from + ".\n");
    if (!notes.isEmpty()) {
      text.append("#\n# Not carried over as it was:\n");
      notes.forEach(note -> text.append("# - ").append(oneLine(note)).append('\n'));
    }
    text.append("\nschema = 1\n");
    tables.forEach(
        (table, keys) -> {
          if (!table.isEmpty() && !keys.isEmpty()) {
            text.append("\n[").append(table).append("]\n");
          }
          keys.forEach(
              (key, value) ->
                  text.append(key).append(" = ").append(TomlValue.of(value)).append('\n'));
        });
    return text.toString();
  }

  private static String oneLine(String note) {
    return note.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
