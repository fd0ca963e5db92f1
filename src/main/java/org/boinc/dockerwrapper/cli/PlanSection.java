package org.boinc.dockerwrapper.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.boinc.dockerwrapper.job.Origin;

/** A part of a plan under one heading. */
record PlanSection(String name, List<Value> values) {

  /**
   * One value and who set it.
   *
   * @param key as in the job.toml where it has one
   * @param value for programs: text, number, truth value, list or map of these
   * @param shown for people
   */
  record Value(String key, Object value, String shown, Origin origin) {}

  PlanSection(String name) {
    this(name, new ArrayList<>());
  }

  PlanSection add(String key, Object value, String shown, Origin origin) {
    values.add(new Value(key, value, shown, origin));
    return this;
  }

  PlanSection add(String key, Object value, Origin origin) {
    return add(key, value, shown(value), origin);
  }

  private static String shown(Object value) {
    return switch (value) {
      case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining(" "));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> entry.getKey() + "=" + entry.getValue())
              .collect(Collectors.joining(" "));
      default -> String.valueOf(value);
    };
  }

  PlanSection addSeconds(String key, Duration duration, Origin origin) {
    long seconds = duration.toSeconds();
    return add(key, seconds, seconds == 0 ? "none" : seconds + " s", origin);
  }

  /** Only where there is something to say. */
  PlanSection addUnlessEmpty(String key, String value, Origin origin) {
    return value.isEmpty() ? this : add(key, value, origin);
  }
}
