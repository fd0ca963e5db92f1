package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.job.JobOverrides;
import org.boinc.dockerwrapper.job.JobReader;
import org.boinc.dockerwrapper.job.JobReading;
import org.boinc.dockerwrapper.job.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boinc-docker validate}: all that is wrong with a job, before any host has it. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Looks for everything that is wrong with a job.toml, or with a job's directory.",
    footer = {
      "",
      "Each problem is one line: file, line, key, what is wrong and what to do. A "
          + "directory is also checked as a whole: Dockerfile, declared inputs and outputs, "
          + "what every host would refuse. No engine is needed, and nothing is run; that is "
          + "what simulate is for.",
      "",
      "Example: boinc-docker validate cookbook/01-copy-mode"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:no errors, maybe warnings",
      "1:errors",
      "2:the command line was not understood",
      "3:this host can't"
    })
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DIR|FILE",
      defaultValue = ".",
      description = "The job's directory, or a job.toml alone (default: the present directory).")
  private Path job = Path.of(".");

  @Option(names = "--json", description = "Print the problems as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    List<Problem> problems;
    if (Files.isDirectory(job)) {
      problems = JobCheck.of(job).problems();
    } else if (Files.isRegularFile(job)) {
      problems = file();
    } else {
      throw new ParameterException(
          spec.commandLine(), "%s: is neither a directory nor a file".formatted(job));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? PlanJson.of(job.toString(), problems) : ProblemReport.text(problems));
    out.flush();
    return problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR)
        ? ExitCode.PROBLEMS
        : ExitCode.DONE;
  }

  private List<Problem> file() throws IOException {
    String name = String.valueOf(job.getFileName());
    JobReading reading =
        JobReader.read(Files.readAllBytes(job), name, this::besideFile, JobOverrides.NONE);
    List<Problem> problems = new ArrayList<>(reading.problems());
    reading.spec().ifPresent(read -> problems.addAll(new JobLint(read, name).ofFile()));
    return problems;
  }

  /** As in a slot, with what lies there for the app version's files. */
  private Optional<byte[]> besideFile(String template) {
    Path file = job.resolveSibling(template + ".toml");
    try {
      return Files.isRegularFile(file)
          ? Optional.of(Files.readAllBytes(file))
          : JobTemplateFiles.profile(template);
    } catch (IOException e) {
      throw new UncheckedIOException("template '" + file + "' can't be read", e);
    }
  }
}
