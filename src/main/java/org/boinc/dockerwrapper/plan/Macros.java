package org.boinc.dockerwrapper.plan;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.boinc.InitData;

/**
 * Expands {@code ${NCPUS}} and its like, once and without a shell; what is expanded is not looked
 * at again.
 */
final class Macros {
  private static final Pattern MACRO = Pattern.compile("\\$\\{([A-Z]+)}");

  private final Map<String, String> values;

  /**
   * @param node the container's number among as many
   */
  Macros(InitData job, ResourceLimits limits, int node, int nodes) {
    values =
        Map.of(
            "NCPUS", String.valueOf((int) Math.max(1, Math.floor(limits.cpus()))),
            "GPU", job.grant().gpu().map(gpu -> String.valueOf(gpu.deviceNumber())).orElse(""),
            "SLOT", String.valueOf(job.slot()),
            "PROJECT", Names.project(job),
            "RESULT", job.resultName(),
            "WU", job.workunitName(),
            "NODE", String.valueOf(node),
            "NODES", String.valueOf(nodes));
  }

  String expand(String text) {
    return MACRO
        .matcher(text)
        .replaceAll(
            match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), match.group())));
  }

  List<String> expand(List<String> texts) {
    return texts.stream().map(this::expand).toList();
  }
}
