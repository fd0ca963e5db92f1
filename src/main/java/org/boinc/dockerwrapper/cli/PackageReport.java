package org.boinc.dockerwrapper.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.pack.AppVersion;
import org.boinc.dockerwrapper.pack.Release;
import org.boinc.dockerwrapper.pack.ReleaseFile;

/** What was written, for people or for programs. */
record PackageReport(Release release, Path out, List<Problem> warnings) {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  String text() {
    StringBuilder text = new StringBuilder();
    warnings.forEach(problem -> text.append(ProblemReport.line(problem)).append('\n'));
    for (AppVersion version : release.appVersions()) {
      text.append(
          "%s: %d files, %s to download, API version %s%n"
              .formatted(
                  version.directory(),
                  version.files().size(),
                  megabytes(version.files()),
                  version.apiVersion()));
    }
    text.append("%s, %s%n".formatted(release.inputTemplate(), release.outputTemplate()));
    if (!release.staged().isEmpty()) {
      text.append(
          "%s: %d files for every workunit, %s to download once%n"
              .formatted(Release.STAGE, release.staged().size(), megabytes(release.staged())));
    }
    return text.append("%s says what to do on the server".formatted(out.resolve(Release.GUIDE)))
        .toString();
  }

  private static String megabytes(List<ReleaseFile> files) {
    long bytes = files.stream().mapToLong(ReleaseFile::nbytes).sum();
    return bytes < 100_000 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  String json() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("written", true);
    root.put("out", out.toString());
    root.put("app", release.name().app());
    root.put("version", release.name().version());
    root.put("version_num", release.name().number());
    root.put("plan_class", release.name().planClass());
    root.put("model", release.model().toString());
    root.put("app_versions", release.appVersions().stream().map(PackageReport::version).toList());
    root.put("input_template", release.inputTemplate());
    root.put("output_template", release.outputTemplate());
    root.put("stage", release.staged().stream().map(PackageReport::file).toList());
    root.put("commands", release.commands());
    root.put("problems", PlanJson.problems(warnings));
    return GSON.toJson(root);
  }

  /** Where nothing was written. */
  static String json(Path out, List<Problem> problems) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("written", false);
    root.put("out", out.toString());
    root.put("problems", PlanJson.problems(problems));
    return GSON.toJson(root);
  }

  private static Map<String, Object> version(AppVersion version) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("platform", version.platform());
    object.put("directory", version.directory());
    object.put("api_version", version.apiVersion());
    object.put("files", version.files().stream().map(PackageReport::file).toList());
    return object;
  }

  private static Map<String, Object> file(ReleaseFile file) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("physical_name", file.physicalName());
    object.put("logical_name", file.logicalName());
    object.put("nbytes", file.nbytes());
    object.put("executable", file.executable());
    object.put("copy_file", file.copied());
    object.put("main_program", file.mainProgram());
    return object;
  }
}
