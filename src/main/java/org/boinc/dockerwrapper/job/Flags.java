package org.boinc.dockerwrapper.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A table of an engine's command-line flags and the reading of a line by it, in every spelling:
 * {@code -m 2g}, {@code -m2g}, {@code --memory=2g}, {@code --memory 2g}, {@code -it}.
 */
final class Flags {
  /** What one flag means; the value is empty for one that takes none. */
  @FunctionalInterface
  interface Meaning {
    void apply(Line line, String value);
  }

  private static final int MOST_CHARACTERS = 64 << 10;

  private record Flag(boolean takesValue, Meaning meaning) {}

  private final Map<String, Flag> flags = new HashMap<>();

  /** A flag with a value, under all its names. */
  Flags value(String names, Meaning meaning) {
    return add(names, new Flag(true, meaning));
  }

  /** A flag that is there or not; {@code --name=false} is as good as not there. */
  Flags toggle(String names, Meaning meaning) {
    return add(names, new Flag(false, meaning));
  }

  /** A flag that is never granted. */
  Flags refused(String names, boolean takesValue, String instead) {
    return add(names, new Flag(takesValue, (line, value) -> line.fault("is refused; " + instead)));
  }

  private Flags add(String names, Flag flag) {
    for (String name : names.split(" ", -1)) {
      flags.put(name, flag);
    }
    return this;
  }

  /** Reads the string of a legacy key. */
  Optional<Line> read(Setting at, Consumer<Problem> problems) {
    if (!(at.value() instanceof String text)) {
      problems.accept(JobProblems.wrongType(at, "a string"));
      return Optional.empty();
    }
    if (text.length() > MOST_CHARACTERS) {
      problems.accept(JobProblems.tooLong(at, text.length(), MOST_CHARACTERS));
      return Optional.empty();
    }
    ShellWords split = ShellWords.of(text);
    if (split.fault().isPresent()) {
      problems.accept(JobProblems.badValue(at, text, split.fault().get()));
      return Optional.empty();
    }
    Line line = new Line(at, problems, new ArrayDeque<>(split.words()));
    line.scan();
    return Optional.of(line);
  }

  /** One line being read, and what its flags have said so far. */
  final class Line {
    private final Setting at;
    private final Consumer<Problem> problems;
    private final Deque<String> words;
    private final Map<String, Setting> said = new LinkedHashMap<>();
    private Setting flag;

    private Line(Setting at, Consumer<Problem> problems, Deque<String> words) {
      this.at = at;
      this.problems = problems;
      this.words = words;
      this.flag = at;
    }

    private void scan() {
      while (!words.isEmpty()) {
        String word = words.removeFirst();
        if (word.startsWith("--") && word.length() > 2) {
          longFlag(word);
        } else if (word.startsWith("-") && word.length() > 1 && !word.equals("--")) {
          shortFlags(word);
        } else {
          problems.accept(JobProblems.notAFlag(at, word));
        }
      }
    }

    private void longFlag(String word) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Flag found = find(name);
      if (found == null) {
        return;
      }
      if (found.takesValue()) {
        (equals < 0 ? next() : Optional.of(word.substring(equals + 1)))
            .ifPresent(value -> found.meaning().apply(this, value));
      } else if (equals < 0 || word.endsWith("=true")) {
        found.meaning().apply(this, "");
      } else if (!word.endsWith("=false")) {
        fault("takes true or false");
      }
    }

    private void shortFlags(String word) {
      for (int i = 1; i < word.length(); i++) {
        Flag found = find("-" + word.charAt(i));
        if (found == null) {
          return;
        }
        if (found.takesValue()) {
          String rest = word.substring(i + 1);
          Optional<String> value =
              rest.isEmpty()
                  ? next()
                  : Optional.of(rest.startsWith("=") ? rest.substring(1) : rest);
          value.ifPresent(text -> found.meaning().apply(this, text));
          return;
        }
        found.meaning().apply(this, "");
      }
    }

    private @org.jspecify.annotations.Nullable Flag find(String name) {
      flag = at.option(name, at.value());
      Flag found = flags.get(name);
      if (found == null) {
        problems.accept(
            JobProblems.unknownFlag(
                at, name, name.length() > 3 ? Nearest.to(name, flags.keySet()) : Optional.empty()));
      }
      return found;
    }

    private Optional<String> next() {
      if (words.isEmpty()) {
        fault("needs a value");
        return Optional.empty();
      }
      return Optional.of(words.removeFirst());
    }

    /** The place of the flag just read, with a value. */
    Setting here(Object value) {
      return flag.meaning(value);
    }

    void fault(String what) {
      problems.accept(JobProblems.error(flag, what));
    }

    void warn(String what) {
      problems.accept(JobProblems.warning(flag, what));
    }

    /** The last one counts, as for the engines. */
    void set(String key, Object value) {
      said.put(key, here(value));
    }

    void add(String key, Object element) {
      said.merge(key, here(List.of(here(element))), Line::joined);
    }

    private static Setting joined(Setting first, Setting second) {
      List<Object> both = new ArrayList<>((List<?>) first.value());
      both.addAll((List<?>) second.value());
      return first.meaning(both);
    }

    /** One entry of a table with free keys. */
    void put(String key, String name, Object value) {
      Map<String, Object> table = new LinkedHashMap<>();
      if (get(key).map(Setting::value).orElse(table) instanceof Map<?, ?> before) {
        before.forEach((entry, at) -> table.put(String.valueOf(entry), at));
      }
      table.put(name, here(value));
      said.put(key, here(table));
    }

    /** {@code name=value}, split at the first separator, or a fault. */
    void pair(String text, String separators, BiConsumer<String, String> use) {
      for (int i = 1; i < text.length(); i++) {
        if (separators.indexOf(text.charAt(i)) >= 0) {
          use.accept(text.substring(0, i), text.substring(i + 1));
          return;
        }
      }
      fault(JobProblems.quoted(text) + " is not name" + separators.charAt(0) + "value");
    }

    Optional<Setting> get(String key) {
      return Optional.ofNullable(said.get(key));
    }

    Optional<Setting> take(String key) {
      return Optional.ofNullable(said.remove(key));
    }

    void say(String key, Setting setting) {
      said.put(key, setting);
    }

    void eachSaid(BiConsumer<String, Setting> use) {
      said.forEach(use);
    }

    Consumer<Problem> problems() {
      return problems;
    }
  }
}
