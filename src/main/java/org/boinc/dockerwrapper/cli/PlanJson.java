package org.boinc.dockerwrapper.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.plan.EngineFacts;

/** Problems and plans for programs: one object, its keys always in the same order. */
final class PlanJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PlanJson() {}

  static String of(PlanReport report) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("job", report.job());
    root.put("planned", !report.refused());
    engine(root.putObject("engine"), report.engine(), report.assumed());
    problems(root.putArray("problems"), report.problems());
    if (!report.refused()) {
      ObjectNode plan = root.putObject("plan");
      report.sections().forEach(section -> section(plan, section));
      ArrayNode create = root.putArray("docker_create");
      report.create().forEach(words -> words.forEach(create::add));
    }
    return root.toPrettyString();
  }

  /** What {@code boinc-docker validate} found. */
  static String of(String job, List<Problem> problems) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("job", job);
    root.put("valid", problems.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR));
    problems(root.putArray("problems"), problems);
    return root.toPrettyString();
  }

  private static void engine(ObjectNode node, EngineFacts engine, boolean assumed) {
    node.put("product", engine.product().name().toLowerCase(Locale.ROOT));
    node.put("version", engine.version());
    node.put("rootless", engine.rootless());
    node.put("endpoint", engine.endpoint());
    node.put("assumed", assumed);
  }

  private static void problems(ArrayNode array, List<Problem> problems) {
    for (Problem problem : problems) {
      array
          .addObject()
          .put("severity", problem.severity().name().toLowerCase(Locale.ROOT))
          .put("file", problem.file())
          .put("line", problem.line())
          .put("key", problem.key())
          .put("what", problem.what());
    }
  }

  private static void section(ObjectNode plan, PlanSection section) {
    ObjectNode node = plan.putObject(section.name().replace(' ', '_'));
    for (PlanSection.Value value : section.values()) {
      ObjectNode entry = node.putObject(value.key().replace(' ', '_'));
      entry.set("value", MAPPER.valueToTree(value.value()));
      entry.put("origin", PlanReport.word(value.origin().source()).replace(' ', '_'));
      entry.put("detail", value.origin().detail());
    }
  }
}
