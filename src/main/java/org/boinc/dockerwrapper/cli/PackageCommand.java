package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.pack.Model;
import org.boinc.dockerwrapper.pack.PackRequest;
import org.boinc.dockerwrapper.pack.PackResult;
import org.boinc.dockerwrapper.pack.Packing;
import org.boinc.dockerwrapper.pack.Release;
import org.boinc.dockerwrapper.pack.ReleaseName;
import org.boinc.dockerwrapper.pack.WrapperProgram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boinc-docker package}: from a job that works to what the project's server takes. */
@Command(
    name = "package",
    description =
        "Makes a BOINC app version of a job's directory and of docker_wrapper: apps/, version.xml,"
            + " templates, and the commands to type on the server.",
    footer = {
      "",
      "Models: app-version, every file comes with the app version, signed; semi-universal, the "
          + "image does (Dockerfile, what it copies, archives, job.toml), the rest comes with each "
          + "workunit; universal, only the wrapper and templates of job.toml do.",
      "",
      "The job is checked as by validate first. Physical names hold a hash, as BOINC never takes "
          + "another content under a used name. The same input gives the same bytes. Nothing is "
          + "ever overwritten: DIR must be new or empty.",
      "",
      "Example:",
      "  boinc-docker package myjob --app worker --version 1.0 \\",
      "      --plan-class docker --out release \\",
      "      --platform docker_wrapper=x86_64-pc-linux-gnu"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:written, maybe with warnings",
      "1:problems were found, and nothing was written",
      "2:the command line was not understood",
      "3:a file can't be read or written, or DIR is not empty"
    })
final class PackageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "JOBDIR", description = "The job's directory.")
  private Path job = Path.of(".");

  @Option(
      names = "--app",
      required = true,
      paramLabel = "NAME",
      description = "Short name of the BOINC app.")
  private String app = "";

  @Option(
      names = "--version",
      required = true,
      paramLabel = "N",
      description = "Version of the app, such as 1.0.")
  private String version = "";

  @Option(
      names = "--plan-class",
      required = true,
      paramLabel = "CLASS",
      description = "Plan class; must have the word docker in it.")
  private String planClass = "";

  @Option(
      names = "--platform",
      required = true,
      paramLabel = "FILE=PLATFORM",
      description = "A docker_wrapper and the BOINC platform it runs on; once for each platform.")
  private List<String> platforms = new ArrayList<>();

  @Option(
      names = "--model",
      defaultValue = "app-version",
      description = "One of ${COMPLETION-CANDIDATES} (default: app-version).")
  private Model model = Model.APP_VERSION;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where the release goes; new or empty.")
  private Path out = Path.of(".");

  @Option(names = "--json", description = "Print what was written as one JSON object.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  @SuppressWarnings("UnusedVariable") // picocli looks for it by its annotation
  private boolean help;

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(job)) {
      throw usage("%s: is not a directory with a job".formatted(job));
    }
    ReleaseName name = name();
    List<WrapperProgram> wrappers = wrappers();
    JobCheck check = JobCheck.of(job);
    List<Problem> problems = new ArrayList<>(check.problems());
    boolean sound = problems.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR);
    if (sound && check.spec().isPresent()) {
      PackResult result =
          Packing.pack(
              new PackRequest(
                  job,
                  check.declared(),
                  check.spec().get(),
                  check.jobFile(),
                  name,
                  model,
                  wrappers));
      switch (result) {
        case PackResult.Refused(var found) -> problems.addAll(found);
        case PackResult.Packed(Release release, var warnings) -> {
          problems.addAll(warnings);
          return written(release, problems);
        }
      }
    }
    print(json ? PackageReport.json(out, problems) : ProblemReport.text(problems));
    return ExitCode.PROBLEMS;
  }

  private int written(Release release, List<Problem> warnings) throws IOException {
    try {
      release.writeTo(out);
    } catch (FileAlreadyExistsException occupied) {
      spec.commandLine().getErr().println("boinc-docker: " + occupied.getMessage());
      return ExitCode.HOST;
    }
    PackageReport report = new PackageReport(release, out, warnings);
    print(json ? report.json() : report.text());
    return ExitCode.DONE;
  }

  private void print(String text) {
    PrintWriter to = spec.commandLine().getOut();
    to.println(text);
    to.flush();
  }

  private ReleaseName name() {
    try {
      return new ReleaseName(app, version, planClass);
    } catch (IllegalArgumentException wrong) {
      throw usage(String.valueOf(wrong.getMessage()));
    }
  }

  private List<WrapperProgram> wrappers() {
    List<WrapperProgram> wrappers = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String text : platforms) {
      int equals = text.lastIndexOf('=');
      if (equals <= 0) {
        throw usage(
            "--platform: '%s' is not FILE=PLATFORM, such as docker_wrapper=x86_64-pc-linux-gnu"
                .formatted(text));
      }
      String platform = text.substring(equals + 1);
      if (!seen.add(platform)) {
        throw usage("--platform: %s is given twice".formatted(platform));
      }
      try {
        wrappers.add(new WrapperProgram(Path.of(text.substring(0, equals)), platform));
      } catch (IllegalArgumentException wrong) {
        throw usage("--platform: " + wrong.getMessage());
      }
    }
    return wrappers;
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
