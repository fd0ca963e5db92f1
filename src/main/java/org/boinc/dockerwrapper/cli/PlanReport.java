package org.boinc.dockerwrapper.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.boinc.dockerwrapper.job.Origin;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.plan.EngineFacts;

/**
 * What {@code boinc-docker plan} has to say.
 *
 * @param assumed no engine answered, or none was asked
 * @param problems what is wrong; with an error there are no sections
 * @param sections the plan
 * @param create the plan as a {@code docker create} command, option by option
 */
record PlanReport(
    String job,
    EngineFacts engine,
    boolean assumed,
    List<Problem> problems,
    List<PlanSection> sections,
    List<List<String>> create) {

  private static final int WIDEST_KEY = 24;
  private static final int WIDEST_VALUE = 48;

  boolean refused() {
    return problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  /** The same with every text changed, such as a secret to stars. */
  PlanReport with(UnaryOperator<String> change) {
    return new PlanReport(
        job,
        engine,
        assumed,
        ProblemReport.with(problems, change),
        sections.stream().map(section -> with(section, change)).toList(),
        create.stream().map(words -> words.stream().map(change).toList()).toList());
  }

  private static PlanSection with(PlanSection section, UnaryOperator<String> change) {
    return new PlanSection(
        section.name(),
        section.values().stream()
            .map(
                value ->
                    new PlanSection.Value(
                        change.apply(value.key()),
                        changed(value.value(), change),
                        change.apply(value.shown()),
                        value.origin()))
            .toList());
  }

  private static Object changed(Object value, UnaryOperator<String> change) {
    return switch (value) {
      case String text -> change.apply(text);
      case List<?> list -> list.stream().map(element -> changed(element, change)).toList();
      case Map<?, ?> map -> {
        Map<String, Object> all = new LinkedHashMap<>();
        map.forEach((key, inner) -> all.put(String.valueOf(key), changed(inner, change)));
        yield all;
      }
      default -> value;
    };
  }

  String text() {
    StringBuilder text = new StringBuilder("engine: " + engineText() + "\n");
    problems.forEach(problem -> text.append(ProblemReport.line(problem)).append('\n'));
    if (refused()) {
      return text.append("nothing would be created").toString();
    }
    for (PlanSection section : sections) {
      if (!section.values().isEmpty()) {
        text.append('\n').append(section.name()).append('\n');
        lines(section, text);
      }
    }
    return text.append("\nthe same by hand\n  ")
        .append(DockerCreateLine.forPeople(create).replace("\n", "\n  "))
        .toString();
  }

  private static void lines(PlanSection section, StringBuilder text) {
    int keys = width(section.values().stream().map(PlanSection.Value::key).toList(), WIDEST_KEY);
    int values =
        width(
            section.values().stream()
                .map(PlanSection.Value::shown)
                .map(ShellLine::visible)
                .toList(),
            WIDEST_VALUE);
    for (PlanSection.Value value : section.values()) {
      String line =
          "  %s  %s  (%s)"
              .formatted(
                  padded(value.key(), keys),
                  padded(ShellLine.visible(value.shown()), values),
                  text(value.origin()));
      text.append(line).append('\n');
    }
  }

  private static int width(List<String> texts, int most) {
    return texts.stream().mapToInt(String::length).filter(length -> length <= most).max().orElse(0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private String engineText() {
    String version = engine.version().isEmpty() ? "" : " " + engine.version();
    return word(engine.product())
        + version
        + (engine.rootless() ? ", rootless" : ", rootful")
        + (assumed ? ", assumed" : ", at " + engine.endpoint());
  }

  static String word(EngineFacts.Product product) {
    return switch (product) {
      case DOCKER -> "Docker";
      case PODMAN -> "Podman";
    };
  }

  /** Whom to ask for another value. */
  static String text(Origin origin) {
    String who = word(origin.source());
    return switch (origin.source()) {
      case JOB_FILE, TEMPLATE -> origin.detail();
      case DEFAULT, COMMAND_LINE, CLIENT, POLICY, ENGINE, WRAPPER ->
          origin.detail().isEmpty() ? who : who + ": " + origin.detail();
    };
  }

  static String word(Origin.Source source) {
    return source.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
