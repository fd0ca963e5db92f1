package org.boinc.dockerwrapper.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What one file sets, by dotted schema-1 key, whatever form it is written in. Keys nobody knows are
 * kept under their own path, for {@link #unknown}.
 */
final class Layer {
  static final Set<String> TABLES =
      Set.of(
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

  /** Tables with free keys: a later file adds to them, where it replaces anything else. */
  private static final Set<String> MERGED =
      Set.of(
          "custom",
          "image.build_args",
          "container.env",
          CreateArgs.LABELS,
          "resources.ulimits",
          "network.hosts");

  /** Keys of ours that only legacy forms can set. */
  private static final Set<String> NOT_IN_FILES =
      Set.of(CreateArgs.LABELS, CreateArgs.READ_ONLY_ROOT, CreateArgs.MOUNTS);

  /** A key that no file can write. */
  static boolean isOurs(String key) {
    return NOT_IN_FILES.contains(key);
  }

  private final Map<String, Setting> settings = new LinkedHashMap<>();
  private final List<Setting> unknown = new ArrayList<>();
  private final Set<String> fromLegacy = new java.util.HashSet<>();
  private final Consumer<Problem> problems;

  Layer(Consumer<Problem> problems) {
    this.problems = problems;
  }

  Map<String, Setting> settings() {
    return settings;
  }

  /** A key of schema 1, or one nobody knows. */
  void addTop(String key, Setting at) {
    String name = key.equals("profile") ? "template" : TomlText.join("", key);
    if (!TABLES.contains(key)) {
      put(name, at);
    } else if (at.value() instanceof Map<?, ?> table) {
      table.forEach(
          (inner, value) -> {
            Setting below = at.entry(String.valueOf(inner), value);
            if (isOurs(below.path())) {
              unknown.add(below);
            } else {
              put(below.path(), below);
            }
          });
    } else {
      problems.accept(JobProblems.wrongType(at, "a table"));
    }
  }

  private void put(String key, Setting at) {
    Setting other = settings.putIfAbsent(key, at);
    if (other != null) {
      problems.accept(JobProblems.setTwice(at, other, key));
    }
  }

  /** What a legacy key means. Lists and tables of several legacy keys add up. */
  void putLegacy(String key, Setting at) {
    Setting other = settings.get(key);
    if (other == null) {
      settings.put(key, at);
      fromLegacy.add(key);
    } else if (fromLegacy.contains(key)
        && other.value() instanceof List<?> first
        && at.value() instanceof List<?> second) {
      List<Object> both = new ArrayList<>(first);
      both.addAll(second);
      settings.put(key, other.meaning(both));
    } else if (fromLegacy.contains(key) && other.value() instanceof Map<?, ?>) {
      settings.put(key, merged(other, at));
    } else if (!fromLegacy.contains(key) || !other.value().equals(at.value())) {
      problems.accept(JobProblems.setTwice(at, other, key));
    }
  }

  /** The settings nobody asked for. */
  List<Setting> unknown(Set<String> known) {
    List<Setting> all = new ArrayList<>(unknown);
    settings.forEach(
        (key, at) -> {
          if (!known.contains(key)) {
            all.add(at);
          }
        });
    return all;
  }

  /** Puts this layer over what is there. */
  static void over(Map<String, Setting> below, Map<String, Setting> layer) {
    layer.forEach(
        (key, at) ->
            below.merge(
                key, at, (under, over) -> MERGED.contains(key) ? merged(under, over) : over));
  }

  private static Setting merged(Setting under, Setting over) {
    if (!(under.value() instanceof Map<?, ?> first)
        || !(over.value() instanceof Map<?, ?> second)) {
      return over;
    }
    Map<String, Object> both = new LinkedHashMap<>();
    first.forEach(
        (key, value) -> both.put(String.valueOf(key), under.entry(String.valueOf(key), value)));
    second.forEach(
        (key, value) -> both.put(String.valueOf(key), over.entry(String.valueOf(key), value)));
    return over.meaning(both);
  }
}
