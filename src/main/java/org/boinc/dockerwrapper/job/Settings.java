package org.boinc.dockerwrapper.job;

import java.nio.charset.StandardCharsets;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A typed view of settings, with a default for each. A value that doesn't fit is reported and the
 * default stands in, so that reading goes on to the next problem.
 */
final class Settings {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})\\s*([smh]?)");

  private final Map<String, Setting> values;
  private final Optional<Setting> place;
  private final Consumer<Problem> problems;
  private final Set<String> known = new TreeSet<>();

  Settings(Map<String, Setting> values, Consumer<Problem> problems) {
    this(values, Optional.empty(), problems);
  }

  private Settings(
      Map<String, Setting> values, Optional<Setting> place, Consumer<Problem> problems) {
    this.values = values;
    this.place = place;
    this.problems = problems;
  }

  /** Every key that was asked for so far. */
  Set<String> known() {
    return known;
  }

  Optional<Setting> setting(String key) {
    known.add(key);
    return Optional.ofNullable(values.get(key));
  }

  void report(Problem problem) {
    problems.accept(problem);
  }

  String text(String key, String fallback, Check check) {
    return setting(key)
        .flatMap(at -> string(at).filter(value -> good(at, value, check)))
        .orElse(fallback);
  }

  /** A slot path in its shortest form, or the default; empty stays empty where that is allowed. */
  String slotPath(String key, String fallback, Check check) {
    String path = text(key, fallback, check);
    return path.isEmpty() ? path : Rules.normal(path);
  }

  boolean flag(String key, boolean fallback) {
    return setting(key).flatMap(at -> typed(at, Boolean.class, "true or false")).orElse(fallback);
  }

  int number(String key, int fallback, int least, int most) {
    return setting(key)
        .flatMap(
            at ->
                typed(at, Long.class, "a whole number")
                    .filter(value -> inRange(at, value, least, most)))
        .map(Math::toIntExact)
        .orElse(fallback);
  }

  Duration duration(String key, Duration fallback, Duration least, Duration most) {
    return setting(key)
        .flatMap(at -> duration(at).filter(value -> inRange(at, value, least, most)))
        .orElse(fallback);
  }

  private Optional<Duration> duration(Setting at) {
    if (at.value() instanceof Long seconds) {
      return Optional.of(Duration.ofSeconds(seconds));
    }
    if (!(at.value() instanceof String text)) {
      report(JobProblems.wrongType(at, "seconds, or a string such as \"10m\""));
      return Optional.empty();
    }
    Matcher form = DURATION.matcher(text.strip());
    if (!form.matches()) {
      report(JobProblems.notADuration(at, text));
      return Optional.empty();
    }
    long number = Long.parseLong(form.group(1));
    return Optional.of(
        switch (form.group(2)) {
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofSeconds(number);
        });
  }

  /** Empty: not set, or {@code "auto"}. */
  Optional<ByteSize> sizeOrAuto(String key) {
    return setting(key).filter(at -> !"auto".equals(at.value())).flatMap(this::size);
  }

  ByteSize size(String key, String fallback) {
    return setting(key).flatMap(this::size).orElseGet(() -> ByteSize.parse(fallback).orElseThrow());
  }

  private Optional<ByteSize> size(Setting at) {
    if (at.value() instanceof Long bytes && bytes >= 0) {
      return Optional.of(new ByteSize(bytes));
    }
    if (at.value() instanceof String || at.value() instanceof Long) {
      String text = at.value().toString();
      Optional<ByteSize> size = ByteSize.parse(text);
      if (size.isEmpty()) {
        report(JobProblems.notASize(at, text));
      }
      return size;
    }
    report(JobProblems.wrongType(at, "bytes, or a string such as \"512m\""));
    return Optional.empty();
  }

  /** One of the words; the map's order is the one people see. */
  <E> E choice(String key, E fallback, Map<String, E> words) {
    Optional<Setting> at = setting(key);
    Optional<String> word = at.flatMap(this::string);
    if (at.isPresent() && word.isPresent() && !words.containsKey(word.get())) {
      report(JobProblems.notOneOf(at.get(), word.get(), words.keySet()));
    }
    return word.map(chosen -> words.getOrDefault(chosen, fallback)).orElse(fallback);
  }

  List<String> strings(String key, List<String> fallback, int most, Check check) {
    return setting(key)
        .flatMap(at -> list(at, most, "an array of strings"))
        .map(list -> eachString(list, check))
        .orElse(fallback);
  }

  private List<String> eachString(List<Setting> list, Check check) {
    List<String> good = new ArrayList<>();
    for (Setting element : list) {
      string(element).filter(value -> good(element, value, check)).ifPresent(good::add);
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
    int bytes = words.stream().mapToInt(word -> bytes(word) + 1).sum();
    at.ifPresent(setting -> inBytes(setting, bytes, mostBytes));
    return words;
  }

  /** A table whose keys are free. */
  Map<String, String> table(String key, int most, int mostBytes, Check name, Check check) {
    Map<String, String> table = new LinkedHashMap<>();
    entries(key, most, name)
        .forEach(
            (entry, at) ->
                string(at)
                    .filter(value -> good(at, value, check))
                    .ifPresent(value -> table.put(entry, value)));
    int bytes =
        table.entrySet().stream().mapToInt(e -> bytes(e.getKey()) + bytes(e.getValue()) + 2).sum();
    setting(key).ifPresent(at -> inBytes(at, bytes, mostBytes));
    return Collections.unmodifiableMap(table);
  }

  Map<String, Long> numbers(String key, int most, Check name, long largest) {
    Map<String, Long> table = new LinkedHashMap<>();
    entries(key, most, name)
        .forEach(
            (entry, at) ->
                typed(at, Long.class, "a whole number")
                    .filter(value -> inRange(at, value, 0, largest))
                    .ifPresent(value -> table.put(entry, value)));
    return Collections.unmodifiableMap(table);
  }

  /** The tables of an array, each a view of its own; the caller ends with {@link #finish}. */
  List<Settings> rows(String key, int most) {
    List<Settings> rows = new ArrayList<>();
    for (Setting row :
        setting(key).flatMap(at -> list(at, most, "an array of tables")).orElse(List.of())) {
      inner(row).ifPresent(rows::add);
    }
    return rows;
  }

  /** A table with known keys. */
  Optional<Settings> inner(Setting at) {
    if (!(at.value() instanceof Map<?, ?> map)) {
      report(JobProblems.wrongType(at, "a table"));
      return Optional.empty();
    }
    Map<String, Setting> below = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> below.put(String.valueOf(key), at.entry(String.valueOf(key), value)));
    return Optional.of(new Settings(below, Optional.of(at), problems));
  }

  /** A string that must be there. */
  String required(String key, Check check) {
    if (!values.containsKey(key)) {
      place.ifPresent(at -> report(JobProblems.missing(at, key)));
    }
    return text(key, "", check);
  }

  int requiredNumber(String key, int least, int most) {
    if (!values.containsKey(key)) {
      place.ifPresent(at -> report(JobProblems.missing(at, key)));
    }
    return number(key, least, least, most);
  }

  /** Reports the keys nobody asked for. */
  void finish(boolean strict) {
    values.forEach(
        (key, at) -> {
          if (!known.contains(key)) {
            report(JobProblems.unknownKey(at, strict, Nearest.to(key, known)));
          }
        });
  }

  private Map<String, Setting> entries(String key, int most, Check name) {
    Optional<Setting> at = setting(key);
    Map<String, Setting> good = new LinkedHashMap<>();
    if (at.isPresent() && !(at.get().value() instanceof Map<?, ?>)) {
      report(JobProblems.wrongType(at.get(), "a table"));
    } else if (at.isPresent() && at.get().value() instanceof Map<?, ?> map) {
      inLimit(at.get(), map.size(), most);
      map.forEach(
          (written, value) -> {
            Setting entry = at.get().entry(String.valueOf(written), value);
            if (good(entry, String.valueOf(written), name)) {
              good.put(String.valueOf(written), entry);
            }
          });
    }
    return good;
  }

  private Optional<List<Setting>> list(Setting at, int most, String expected) {
    if (!(at.value() instanceof List<?> list)) {
      report(JobProblems.wrongType(at, expected));
      return Optional.empty();
    }
    inLimit(at, list.size(), most);
    List<Setting> elements = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      elements.add(at.element(i, list.get(i)));
    }
    return Optional.of(elements);
  }

  private Optional<String> string(Setting at) {
    return typed(at, String.class, "a string");
  }

  private <T> Optional<T> typed(Setting at, Class<T> type, String expected) {
    if (type.isInstance(at.value())) {
      return Optional.of(type.cast(at.value()));
    }
    report(JobProblems.wrongType(at, expected));
    return Optional.empty();
  }

  private boolean good(Setting at, String value, Check check) {
    Optional<String> fault = check.fault(value);
    fault.ifPresent(what -> report(JobProblems.badValue(at, value, what)));
    return fault.isEmpty();
  }

  private boolean inRange(Setting at, long value, long least, long most) {
    boolean in = value >= least && value <= most;
    if (!in) {
      report(JobProblems.outOfRange(at, value, least, most));
    }
    return in;
  }

  private boolean inRange(Setting at, Duration value, Duration least, Duration most) {
    boolean in = value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    if (!in) {
      report(JobProblems.outOfRange(at, seconds(value), seconds(least), seconds(most)));
    }
    return in;
  }

  private static String seconds(Duration duration) {
    return duration.toSeconds() + " s";
  }

  private void inLimit(Setting at, int found, int most) {
    if (found > most) {
      report(JobProblems.tooMany(at, found, most));
    }
  }

  private void inBytes(Setting at, int found, int most) {
    if (found > most) {
      report(JobProblems.tooLong(at, found, most));
    }
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
