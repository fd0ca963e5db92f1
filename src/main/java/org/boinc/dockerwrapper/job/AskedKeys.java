package org.boinc.dockerwrapper.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Settings that set nothing, and write down in the words of JSON Schema what they are asked for: so
 * the tables by which the reader works are also what the schema is made of.
 */
final class AskedKeys extends Settings {
  private static final Map<String, Object> STRING = Map.of("type", "string");
  private static final Map<String, Object> AUTO = Map.of("const", "auto");

  private final Map<String, Map<String, Object>> keys = new LinkedHashMap<>();
  private final List<String> required = new ArrayList<>();

  AskedKeys() {
    super(Map.of(), _ -> {});
  }

  /** What a value must be, by the key as it was asked for. */
  Map<String, Map<String, Object>> keys() {
    return keys;
  }

  private void add(String key, Map<String, Object> schema) {
    keys.put(key, schema);
  }

  private static Map<String, Object> schema(Object... namesAndValues) {
    Map<String, Object> schema = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      schema.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return schema;
  }

  private static Map<String, Object> withDefault(Map<String, Object> schema, Object fallback) {
    schema.put("default", fallback);
    return schema;
  }

  @Override
  String text(String key, String fallback, Check check) {
    add(key, withDefault(schema("type", "string"), fallback));
    return fallback;
  }

  @Override
  boolean flag(String key, boolean fallback) {
    add(key, withDefault(schema("type", "boolean"), fallback));
    return fallback;
  }

  @Override
  int number(String key, int fallback, int least, int most) {
    add(key, withDefault(integer(least, most), fallback));
    return fallback;
  }

  private static Map<String, Object> integer(long least, long most) {
    Map<String, Object> schema = schema("type", "integer", "minimum", least);
    if (most < Long.MAX_VALUE) {
      schema.put("maximum", most);
    }
    return schema;
  }

  @Override
  Optional<Double> decimalOrAuto(String key, double least, double most) {
    Map<String, Object> number = schema("type", "number", "minimum", least, "maximum", most);
    add(key, withDefault(schema("anyOf", List.of(number, AUTO)), "auto"));
    return Optional.empty();
  }

  @Override
  Duration duration(String key, Duration fallback, Duration least, Duration most) {
    Map<String, Object> seconds = integer(least.toSeconds(), most.toSeconds());
    Map<String, Object> text = schema("type", "string", "pattern", Values.DURATION_FORM);
    add(key, withDefault(schema("anyOf", List.of(seconds, text)), fallback.toSeconds()));
    return fallback;
  }

  @Override
  Optional<ByteSize> sizeOrAuto(String key) {
    add(key, withDefault(schema("anyOf", List.of(bytes(), sizeText(), AUTO)), "auto"));
    return Optional.empty();
  }

  @Override
  Optional<ByteSize> sizeIfSet(String key) {
    add(key, schema("anyOf", List.of(bytes(), sizeText())));
    return Optional.empty();
  }

  @Override
  ByteSize size(String key, String fallback) {
    add(key, withDefault(schema("anyOf", List.of(bytes(), sizeText())), fallback));
    return ByteSize.parse(fallback).orElseThrow();
  }

  private static Map<String, Object> bytes() {
    return integer(0, Long.MAX_VALUE);
  }

  private static Map<String, Object> sizeText() {
    return schema("type", "string", "pattern", ByteSize.FORM);
  }

  @Override
  <E> E choice(String key, E fallback, Map<String, E> words) {
    List<String> all = List.copyOf(words.keySet());
    Optional<String> word =
        words.entrySet().stream()
            .filter(entry -> Objects.equals(entry.getValue(), fallback))
            .map(Map.Entry::getKey)
            .findFirst();
    add(key, withDefault(schema("enum", all), word.orElseThrow()));
    return fallback;
  }

  @Override
  List<String> strings(String key, List<String> fallback, int most, Check check) {
    add(key, withDefault(array(STRING, most), fallback));
    return fallback;
  }

  private static Map<String, Object> array(Map<String, Object> items, int most) {
    return schema("type", "array", "items", items, "maxItems", most);
  }

  @Override
  List<String> words(String key, int mostBytes) {
    Map<String, Object> array = schema("type", "array", "items", STRING);
    add(key, withDefault(schema("anyOf", List.of(array, STRING)), List.of()));
    return List.of();
  }

  @Override
  Map<String, String> table(String key, int most, int mostBytes, Check name, Check check) {
    add(key, withDefault(freeTable(STRING, most), Map.of()));
    return Map.of();
  }

  @Override
  Map<String, Long> numbers(String key, int most, Check name, long largest) {
    add(key, withDefault(freeTable(integer(0, largest), most), Map.of()));
    return Map.of();
  }

  private static Map<String, Object> freeTable(Map<String, Object> values, int most) {
    return schema("type", "object", "additionalProperties", values, "maxProperties", most);
  }

  @Override
  List<Settings> rows(String key, int most) {
    AskedRow row = new AskedRow();
    add(key, withDefault(array(row.schema, most), List.of()));
    return List.of(row.keys);
  }

  @Override
  Optional<Settings> tableIfAny(String key) {
    AskedRow row = new AskedRow();
    add(key, schema("anyOf", List.of(row.schema, schema("type", "object", "maxProperties", 0))));
    return Optional.of(row.keys);
  }

  @Override
  String required(String key, Check check) {
    add(key, schema("type", "string"));
    required.add(key);
    return "";
  }

  @Override
  int requiredNumber(String key, int least, int most) {
    add(key, integer(least, most));
    required.add(key);
    return least;
  }

  /** A table in a table; its schema is complete when its keys have been asked for. */
  private static final class AskedRow {
    private final AskedKeys keys = new AskedKeys();
    private final Map<String, Object> schema =
        schema(
            "type",
            "object",
            "properties",
            keys.keys,
            "required",
            keys.required,
            "additionalProperties",
            false);
  }
}
