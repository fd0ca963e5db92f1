package org.boinc.dockerwrapper.cli;

import com.google.gson.GsonBuilder;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.job.JobOverrides;
import org.boinc.dockerwrapper.job.JobReader;
import org.boinc.dockerwrapper.job.JobReading;
import org.boinc.dockerwrapper.job.JobTemplate;
import org.boinc.dockerwrapper.job.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boinc-docker template}: the templates that every job.toml can name. */
@Command(
    name = "template",
    version = "boinc-docker " + Version.TEXT,
    mixinStandardHelpOptions = true,
    description = "Lists and shows the built-in templates.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "2:the command line was not understood, or no such template"},
    footer = {
      "",
      "A job.toml names one with template = \"docker-batch\" (or profile, or option --template"
          + " of docker_wrapper), and says only what is different. A file NAME.toml of the app"
          + " version comes before a built-in template of that name.",
      "",
      "Examples:",
      "  boinc-docker template list",
      "  boinc-docker template show docker-network"
    })
final class TemplateCommand implements Runnable {
  /**
   * A built-in template.
   *
   * @param problems why this version can't run it, in words
   */
  private record Listed(String name, JobTemplate template, String text, List<String> problems) {
    static Optional<Listed> of(String name) {
      return JobTemplateFiles.profile(name)
          .map(
              text ->
                  new Listed(
                      name,
                      JobTemplate.read(text),
                      new String(text, StandardCharsets.UTF_8),
                      troubles(name)));
    }

    private static List<String> troubles(String name) {
      byte[] job =
          "schema = 1\ntemplate = \"%s\"\n".formatted(name).getBytes(StandardCharsets.UTF_8);
      JobReading reading =
          JobReader.read(job, "job.toml", JobTemplateFiles::profile, JobOverrides.NONE);
      return reading.errors().stream().map(Problem::toString).toList();
    }

    Map<String, Object> json() {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("name", name);
      object.put("comment", template.comment());
      object.put("parent", template.parent());
      object.put("runs", problems.isEmpty());
      object.put("problems", problems);
      return object;
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say list or show");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the built-in templates, and which of them this version can't run yet.",
      exitCodeListHeading = "%nExit status:%n",
      exitCodeList = {"0:done", "2:the command line was not understood"},
      footer = {"", "Example:", "  boinc-docker template list"})
  int list(@Option(names = "--json", description = "Print them as one JSON array.") boolean json) {
    List<Listed> all =
        JobTemplateFiles.profiles().stream().flatMap(name -> Listed.of(name).stream()).toList();
    print(json ? json(all.stream().map(Listed::json).toList()) : table(all));
    return ExitCode.DONE;
  }

  private static String table(List<Listed> all) {
    TextTable table = new TextTable().row("NAME", "RUNS", "WHAT");
    all.forEach(
        one ->
            table.row(
                one.name(),
                one.problems().isEmpty() ? "yes" : "not yet",
                one.template().comment()));
    return table.text();
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Prints a built-in template, and before it the one that it changes, if any.",
      exitCodeListHeading = "%nExit status:%n",
      exitCodeList = {"0:done", "2:the command line was not understood, or no such template"},
      footer = {"", "Example:", "  boinc-docker template show docker-network"})
  int show(
      @Parameters(paramLabel = "NAME", description = "Such as docker-batch, or batch for short.")
          String name,
      @Option(names = "--json", description = "Print what it says of itself, and its text.")
          boolean json) {
    Listed shown =
        Listed.of(name)
            .orElseThrow(() -> new ParameterException(spec.commandLine(), unknown(name)));
    if (json) {
      Map<String, Object> object = shown.json();
      object.put("text", shown.text());
      print(json(object));
      return ExitCode.DONE;
    }
    List<String> texts = new ArrayList<>();
    for (Optional<Listed> at = Optional.of(shown);
        at.isPresent();
        at = at.map(Listed::template).map(JobTemplate::parent).flatMap(Listed::of)) {
      texts.addFirst(at.get().text());
    }
    print(String.join(System.lineSeparator(), texts).stripTrailing());
    return ExitCode.DONE;
  }

  /** What to say of a name that no built-in template has. */
  static String unknown(String name) {
    return "there is no built-in template '%s'; there are %s"
        .formatted(ShellLine.visible(name), String.join(", ", JobTemplateFiles.profiles()));
  }

  private static String json(Object value) {
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(value);
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
