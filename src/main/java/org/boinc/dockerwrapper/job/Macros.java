package org.boinc.dockerwrapper.job;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Checks {@code ${…}}: known names, in the few keys where the planner expands them. */
final class Macros {
  static final List<String> NAMES =
      List.of("NCPUS", "GPU", "SLOT", "PROJECT", "RESULT", "WU", "NODE", "NODES");

  private static final List<String> KEYS =
      List.of(
          "container.command",
          "container.args",
          "container.env",
          "container.shutdown",
          "cluster.master",
          "cluster.worker",
          "cluster.hostfile");

  /** Looking further for the end of a macro would take too long in a hostile text. */
  private static final int LONGEST = 64;

  private Macros() {}

  static void check(Map<String, Setting> settings, Consumer<Problem> problems) {
    settings.forEach((key, at) -> check(KEYS.contains(key), at, problems));
  }

  private static void check(boolean expanded, Setting at, Consumer<Problem> problems) {
    switch (at.value()) {
      case String text -> check(expanded, at, text, problems);
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          check(expanded, at.element(i, list.get(i)), problems);
        }
      }
      case Map<?, ?> table ->
          table.forEach(
              (key, value) -> check(expanded, at.entry(String.valueOf(key), value), problems));
      default -> {} // numbers and booleans hold no macros
    }
  }

  /** Elsewhere a text with braces stays as it is, unless it looks like one of ours. */
  private static void check(boolean expanded, Setting at, String text, Consumer<Problem> problems) {
    int from = text.indexOf("${");
    while (from >= 0) {
      int end = text.indexOf('}', from, Math.min(text.length(), from + LONGEST));
      String name = end < 0 ? "" : text.substring(from + 2, end);
      if (end < 0 && expanded) {
        problems.accept(JobProblems.macroNotClosed(at));
        return;
      } else if (expanded && !NAMES.contains(name)) {
        problems.accept(JobProblems.macroUnknown(at, name, NAMES));
      } else if (!expanded && NAMES.contains(name)) {
        problems.accept(
            JobProblems.macroNotHere(
                at, name, "command, args, env and shutdown of [container], and in [cluster]"));
      }
      from = text.indexOf("${", from + 2);
    }
  }
}
