package org.boinc.dockerwrapper.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.plan.EngineFacts;

/** Problems and plans for programs: one object, its keys always in the same order. */
final class PlanJson {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private PlanJson() {}

  static String of(PlanReport report) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("job", report.job());
    root.put("planned", !report.refused());
    root.put("engine", engine(report.engine(), report.assumed()));
    root.put("problems", problems(report.problems()));
    if (!report.refused()) {
      Map<String, Object> plan = new LinkedHashMap<>();
      report.sections().forEach(s -> plan.put(s.name().replace(' ', '_'), section(s)));
      root.put("plan", plan);
      root.put("docker_create", report.create().stream().flatMap(List::stream).toList());
    }
    return GSON.toJson(root);
  }

  /** What {@code boinc-docker validate} found. */
  static String of(String job, List<Problem> problems) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("job", job);
    root.put("valid", problems.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR));
    root.put("problems", problems(problems));
    return GSON.toJson(root);
  }

  private static Map<String, Object> engine(EngineFacts engine, boolean assumed) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("product", engine.product().name().toLowerCase(Locale.ROOT));
    object.put("version", engine.version());
    object.put("rootless", engine.rootless());
    object.put("endpoint", engine.endpoint());
    object.put("assumed", assumed);
    return object;
  }

  static List<Map<String, Object>> problems(List<Problem> problems) {
    return problems.stream().map(PlanJson::problem).toList();
  }

  private static Map<String, Object> problem(Problem problem) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
    object.put("file", problem.file());
    object.put("line", problem.line());
    object.put("key", problem.key());
    object.put("what", problem.what());
    return object;
  }

  private static Map<String, Object> section(PlanSection section) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (PlanSection.Value value : section.values()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("value", value.value());
      entry.put("origin", PlanReport.word(value.origin().source()).replace(' ', '_'));
      entry.put("detail", value.origin().detail());
      object.put(value.key().replace(' ', '_'), entry);
    }
    return object;
  }
}
