package org.boinc.dockerwrapper.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A typed view of settings by key, with a default for each. A value that doesn't fit is reported
 * and the default stands in, so that reading goes on to the next problem. {@link AskedKeys} writes
 * down instead what is asked for.
 */
class Settings {
  private final Map<String, Setting> settings;
  private final Optional<Setting> place;
  private final Values values;
  private final Set<String> known = new TreeSet<>();

  Settings(Map<String, Setting> settings, Consumer<Problem> problems) {
    this(settings, Optional.empty(), new Values(problems));
  }

  private Settings(Map<String, Setting> settings, Optional<Setting> place, Values values) {
    this.settings = settings;
    this.place = place;
    this.values = values;
  }

  /** Every key that was asked for so far. */
  Set<String> known() {
    return known;
  }

  Optional<Setting> setting(String key) {
    known.add(key);
    return Optional.ofNullable(settings.get(key));
  }

  void report(Problem problem) {
    values.problems().accept(problem);
  }

  String text(String key, String fallback, Check check) {
    return setting(key).flatMap(at -> values.string(at, check)).orElse(fallback);
  }

  /** A slot path in its shortest form, or the default; empty stays empty where that is allowed. */
  String slotPath(String key, String fallback, Check check) {
    String path = text(key, fallback, check);
    return path.isEmpty() ? path : Rules.normal(path);
  }

  boolean flag(String key, boolean fallback) {
    return setting(key).flatMap(values::flag).orElse(fallback);
  }

  int number(String key, int fallback, int least, int most) {
    return setting(key)
        .flatMap(at -> values.number(at, least, most))
        .map(Math::toIntExact)
        .orElse(fallback);
  }

  Duration duration(String key, Duration fallback, Duration least, Duration most) {
    return setting(key).flatMap(at -> values.duration(at, least, most)).orElse(fallback);
  }

  /** Empty: not set, or {@code "auto"}. */
  Optional<Double> decimalOrAuto(String key, double least, double most) {
    return unlessAuto(key).flatMap(at -> values.decimal(at, least, most));
  }

  /** Empty: not set, or {@code "auto"}. */
  Optional<ByteSize> sizeOrAuto(String key) {
    return unlessAuto(key).flatMap(values::size);
  }

  private Optional<Setting> unlessAuto(String key) {
    return setting(key).filter(at -> !"auto".equals(at.value()));
  }

  Optional<ByteSize> sizeIfSet(String key) {
    return setting(key).flatMap(values::size);
  }

  ByteSize size(String key, String fallback) {
    return setting(key)
        .flatMap(values::size)
        .orElseGet(() -> ByteSize.parse(fallback).orElseThrow());
  }

  /** One of the words; the map's order is the one people see. */
  <E> E choice(String key, E fallback, Map<String, E> words) {
    Optional<Setting> at = setting(key);
    Optional<String> word = at.flatMap(values::string);
    if (at.isPresent() && word.isPresent() && !words.containsKey(word.get())) {
      report(JobProblems.notOneOf(at.get(), word.get(), words.keySet()));
    }
    return word.map(chosen -> words.getOrDefault(chosen, fallback)).orElse(fallback);
  }

  List<String> strings(String key, List<String> fallback, int most, Check check) {
    return setting(key)
        .flatMap(at -> values.list(at, most, "an array of strings"))
        .map(list -> eachString(list, check))
        .orElse(fallback);
  }

  private List<String> eachString(List<Setting> list, Check check) {
    List<String> good = new ArrayList<>();
    for (Setting element : list) {
      values.string(element, check).ifPresent(good::add);
    }
    return List.copyOf(good);
  }

  /** A command: an array of strings, or one string that is split on blanks. */
  List<String> words(String key, int mostBytes) {
    Optional<Setting> at = setting(key);
    boolean split = at.isPresent() && at.get().value() instanceof String;
    List<String> words =
        split
            ? Arrays.stream(text(key, "", Rules.NO_NUL).strip().split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .toList()
            : strings(key, List.of(), mostBytes, Rules.NO_NUL);
    int bytes = words.stream().mapToInt(word -> Values.bytes(word) + 1).sum();
    at.ifPresent(setting -> values.inBytes(setting, bytes, mostBytes));
    return words;
  }

  /** A table whose keys are free. */
  Map<String, String> table(String key, int most, int mostBytes, Check name, Check check) {
    Map<String, String> table = new LinkedHashMap<>();
    entries(key, most, name)
        .forEach(
            (entry, at) -> values.string(at, check).ifPresent(value -> table.put(entry, value)));
    int bytes =
        table.entrySet().stream()
            .mapToInt(e -> Values.bytes(e.getKey()) + Values.bytes(e.getValue()) + 2)
            .sum();
    setting(key).ifPresent(at -> values.inBytes(at, bytes, mostBytes));
    return Collections.unmodifiableMap(table);
  }

  Map<String, Long> numbers(String key, int most, Check name, long largest) {
    Map<String, Long> table = new LinkedHashMap<>();
    entries(key, most, name)
        .forEach(
            (entry, at) ->
                values.number(at, 0, largest).ifPresent(value -> table.put(entry, value)));
    return Collections.unmodifiableMap(table);
  }

  private Map<String, Setting> entries(String key, int most, Check name) {
    return setting(key).map(at -> values.table(at, most, name)).orElse(Map.of());
  }

  /** The tables of an array, each a view of its own; the caller ends with {@link #finish}. */
  List<Settings> rows(String key, int most) {
    List<Settings> rows = new ArrayList<>();
    for (Setting row :
        setting(key).flatMap(at -> values.list(at, most, "an array of tables")).orElse(List.of())) {
      inner(row).ifPresent(rows::add);
    }
    return rows;
  }

  private Optional<Settings> inner(Setting at) {
    return values.table(at).map(entries -> new Settings(entries, Optional.of(at), values));
  }

  /**
   * A table with known keys; one that is empty is none. The caller ends with {@link #finish}.
   *
   * @param key of the table
   */
  Optional<Settings> tableIfAny(String key) {
    return setting(key)
        .filter(at -> !(at.value() instanceof Map<?, ?> map && map.isEmpty()))
        .flatMap(this::inner);
  }

  /** A string that must be there. */
  String required(String key, Check check) {
    if (!settings.containsKey(key)) {
      place.ifPresent(at -> report(JobProblems.missing(at, key)));
    }
    return text(key, "", check);
  }

  int requiredNumber(String key, int least, int most) {
    if (!settings.containsKey(key)) {
      place.ifPresent(at -> report(JobProblems.missing(at, key)));
    }
    return number(key, least, least, most);
  }

  /** Reports the keys nobody asked for. */
  void finish(boolean strict) {
    settings.forEach(
        (key, at) -> {
          if (!known.contains(key)) {
            report(JobProblems.unknownKey(at, strict, Nearest.to(key, known)));
          }
        });
  }
}
