package org.boinc.dockerwrapper.job;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes a setting's value as a type and within its limits; what doesn't fit is reported. */
record Values(Consumer<Problem> problems) {
  /** Also good in a JSON Schema. */
  static final String DURATION_FORM = "^\\s*([0-9]{1,9})\\s*([smh]?)\\s*$";

  private static final Pattern DURATION = Pattern.compile(DURATION_FORM);

  Optional<String> string(Setting at) {
    return typed(at, String.class, "a string");
  }

  Optional<String> string(Setting at, Check check) {
    return string(at).filter(value -> good(at, value, check));
  }

  Optional<Boolean> flag(Setting at) {
    return typed(at, Boolean.class, "true or false");
  }

  Optional<Long> number(Setting at, long least, long most) {
    return typed(at, Long.class, "a whole number").filter(value -> inRange(at, value, least, most));
  }

  /** A whole number will do. */
  Optional<Double> decimal(Setting at, double least, double most) {
    Optional<Double> number =
        switch (at.value()) {
          case Long whole -> Optional.of(whole.doubleValue());
          case Double fraction -> Optional.of(fraction);
          default -> Optional.empty();
        };
    if (number.isEmpty()) {
      report(JobProblems.wrongType(at, "a number or \"auto\""));
    } else if (number.get() < least || number.get() > most) {
      report(JobProblems.outOfRange(at, at.value(), plain(least), plain(most)));
    }
    return number;
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  Optional<Duration> duration(Setting at, Duration least, Duration most) {
    return duration(at).filter(value -> inRange(at, value, least, most));
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

  Optional<ByteSize> size(Setting at) {
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

  /** The elements of an array, each with its place. */
  Optional<List<Setting>> list(Setting at, int most, String expected) {
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

  /** The entries of a table, each with its place. */
  Optional<Map<String, Setting>> table(Setting at) {
    if (!(at.value() instanceof Map<?, ?> map)) {
      report(JobProblems.wrongType(at, "a table"));
      return Optional.empty();
    }
    Map<String, Setting> entries = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> entries.put(String.valueOf(key), at.entry(String.valueOf(key), value)));
    return Optional.of(entries);
  }

  /** The entries of a table whose keys are free, but for a rule. */
  Map<String, Setting> table(Setting at, int most, Check name) {
    Map<String, Setting> entries = table(at).orElse(Map.of());
    inLimit(at, entries.size(), most);
    Map<String, Setting> good = new LinkedHashMap<>();
    entries.forEach(
        (key, entry) -> {
          if (good(entry, key, name)) {
            good.put(key, entry);
          }
        });
    return good;
  }

  void inBytes(Setting at, int found, int most) {
    if (found > most) {
      report(JobProblems.tooLong(at, found, most));
    }
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
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

  private void report(Problem problem) {
    problems.accept(problem);
  }
}
