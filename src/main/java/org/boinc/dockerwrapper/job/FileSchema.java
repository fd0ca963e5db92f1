package org.boinc.dockerwrapper.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas of the files that people write, for editors: made by asking the reader's own tables
 * what they would ask a file for. A schema says less than the reader: what a value's text must be
 * like, and what goes together, only the reader knows.
 */
public final class FileSchema {
  private static final String DRAFT = "http://json-schema.org/draft-07/schema#";

  private FileSchema() {}

  /**
   * The schema of a job.toml. With {@code schema = 1} every key must be known; the two old forms
   * may have others, which the reader warns of.
   *
   * @param explain what a key is, by its dotted name such as {@code files.in.src}
   */
  public static Map<String, Object> ofJob(UnaryOperator<String> explain) {
    AskedKeys asked = new AskedKeys();
    JobReader.ask(asked);
    Map<String, Object> top = new TreeMap<>();
    top.put("schema", described(new LinkedHashMap<>(Map.of("const", 1)), explain.apply("schema")));
    Map<String, Object> template = new LinkedHashMap<>(Map.of("type", "string"));
    top.put("profile", described(template, explain.apply("profile")));
    asked
        .keys()
        .forEach(
            (key, schema) -> {
              if (!Layer.isOurs(key)) {
                put(top, key, described(schema, key, explain));
              }
            });
    Layer.TABLES.forEach(name -> describe(top, name, explain));
    Map<String, Object> root = root("job.toml", explain.apply("job.toml"), top);
    Map<String, Object> strict = new LinkedHashMap<>();
    strict.put("propertyNames", Map.of("enum", List.copyOf(new TreeSet<>(top.keySet()))));
    for (String table : new TreeSet<>(Layer.TABLES)) {
      entry(strict, "properties")
          .put(table, Map.of("propertyNames", Map.of("enum", names(top, table))));
    }
    root.put("if", Map.of("required", List.of("schema")));
    root.put("then", strict);
    root.put("else", Map.of("properties", legacy()));
    return root;
  }

  /** The schema of a docker_policy.toml. */
  public static Map<String, Object> ofPolicy(UnaryOperator<String> explain) {
    AskedKeys asked = new AskedKeys();
    PolicyReader.ask(asked);
    Map<String, Object> top = new TreeMap<>();
    asked
        .keys()
        .forEach(
            (key, schema) ->
                top.put(key, described(schema, key, name -> explain.apply("policy." + name))));
    Map<String, Object> root = root("docker_policy.toml", explain.apply("docker_policy.toml"), top);
    root.put("additionalProperties", false);
    return root;
  }

  /** Every key that a schema explains, by its dotted name. */
  public static Set<String> keys(Map<String, Object> schema) {
    Set<String> keys = new TreeSet<>();
    collect(schema, "", keys);
    return keys;
  }

  private static void collect(Map<String, Object> schema, String prefix, Set<String> keys) {
    entries(schema.get("properties"))
        .forEach(
            (name, below) -> {
              keys.add(prefix + name);
              tables(below).forEach(table -> collect(table, prefix + name + ".", keys));
            });
  }

  /** The tables that a value may be or hold. */
  private static List<Map<String, Object>> tables(Object schema) {
    Map<String, Object> value = entries(schema);
    List<Map<String, Object>> tables = new ArrayList<>();
    if (value.containsKey("properties")) {
      tables.add(value);
    }
    if (value.get("items") instanceof Map<?, ?> items) {
      tables.addAll(tables(items));
    }
    if (value.get("anyOf") instanceof List<?> choices) {
      choices.forEach(choice -> tables.addAll(tables(choice)));
    }
    return tables;
  }

  private static Map<String, Object> root(String title, String what, Map<String, Object> keys) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("$schema", DRAFT);
    root.put("title", title);
    root.put("description", what);
    root.put("type", "object");
    root.put("properties", keys);
    return root;
  }

  private static void put(Map<String, Object> top, String key, Map<String, Object> schema) {
    int dot = key.indexOf('.');
    if (dot < 0) {
      top.put(key, schema);
    } else {
      Map<String, Object> table = entry(top, key.substring(0, dot));
      table.put("type", "object");
      entry(table, "properties").put(key.substring(dot + 1), schema);
    }
  }

  private static void describe(
      Map<String, Object> top, String name, UnaryOperator<String> explain) {
    entry(top, name).put("description", explain.apply(name));
  }

  private static Map<String, Object> described(
      Map<String, Object> schema, String key, UnaryOperator<String> explain) {
    for (Map<String, Object> table : tables(schema)) {
      entries(table.get("properties"))
          .forEach((name, below) -> described(entries(below), key + "." + name, explain));
    }
    return described(schema, explain.apply(key));
  }

  private static Map<String, Object> described(Map<String, Object> schema, String what) {
    schema.put("description", what);
    return schema;
  }

  /** The flat keys of the old forms: their values are the reader's matter. */
  private static Map<String, Object> legacy() {
    Map<String, Object> keys = new TreeMap<>();
    LegacyKeys.table()
        .forEach(
            (key, row) ->
                keys.put(
                    key,
                    Map.of(
                        "description",
                        "A key of the old form; with schema = 1 write %s."
                            .formatted(row.instead()))));
    return keys;
  }

  private static List<String> names(Map<String, Object> top, String table) {
    return List.copyOf(new TreeSet<>(entry(entry(top, table), "properties").keySet()));
  }

  @SuppressWarnings("unchecked") // all maps of a schema are made here and in AskedKeys
  private static Map<String, Object> entry(Map<String, Object> map, String name) {
    return (Map<String, Object>) map.computeIfAbsent(name, _ -> new TreeMap<String, Object>());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> entries(@Nullable Object map) {
    return map instanceof Map<?, ?> ? (Map<String, Object>) map : Map.of();
  }
}
