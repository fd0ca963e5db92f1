package org.boinc.dockerwrapper.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.boinc.dockerwrapper.clean.Finding;
import org.boinc.dockerwrapper.clean.Sweep;

/**
 * What was found and removed, for people and for programs.
 *
 * @param client its data directory
 * @param engine where it was looked
 * @param dryRun nothing was to be removed
 */
record CleanReport(Path client, String engine, boolean dryRun, Sweep.Report report) {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /** Whether something resists, or can't be judged. */
  boolean hasProblems() {
    return !report.problems().isEmpty()
        || report.findings().stream().anyMatch(found -> found.fate() == Finding.Fate.IN_DOUBT);
  }

  String text() {
    TextTable table = new TextTable();
    for (Finding found : report.findings()) {
      table.row(
          fate(found.fate()),
          word(found.kind()),
          found.title(),
          found.bytes() == 0 ? "" : "%.1f MB".formatted(found.bytes() / 1e6),
          found.why());
    }
    List<String> lines = new ArrayList<>();
    if (!report.findings().isEmpty()) {
      lines.add(table.text());
    }
    lines.addAll(report.problems().stream().map(ShellLine::visible).toList());
    lines.add(summary());
    return String.join(System.lineSeparator(), lines);
  }

  private String summary() {
    long left =
        report.findings().stream().filter(found -> found.fate() == Finding.Fate.GOES).count();
    String what = "%s of the client in %s at %s".formatted(things(left), client, engine);
    return dryRun
        ? what + " would be removed"
        : "%d of %s removed".formatted(report.removed().size(), what);
  }

  private static String things(long count) {
    return count == 1 ? "1 left-over" : count + " left-overs";
  }

  String json() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("client", client.toString());
    root.put("engine", engine);
    root.put("dry_run", dryRun);
    root.put("findings", report.findings().stream().map(this::json).toList());
    root.put("problems", report.problems());
    return GSON.toJson(root);
  }

  private Map<String, Object> json(Finding found) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("kind", word(found.kind()));
    object.put("id", found.id());
    object.put("names", found.names());
    object.put("project", found.project());
    object.put("bytes", found.bytes());
    object.put("fate", fate(found.fate()).replace(' ', '_'));
    object.put("why", found.why());
    object.put("removed", report.removed().contains(found));
    return object;
  }

  private static String word(Finding.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String fate(Finding.Fate fate) {
    return switch (fate) {
      case GOES -> "goes";
      case STAYS -> "stays";
      case IN_DOUBT -> "in doubt";
    };
  }
}
