package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.job.JobOverrides;
import org.boinc.dockerwrapper.job.JobReader;
import org.boinc.dockerwrapper.job.Problem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boinc-docker init}: a job's directory to begin with. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = "Writes a job's directory that already runs: put your own program in.",
    footer = {
      "",
      "Modes: mount, the job works in the slot directory itself; copy, its files are copied into "
          + "the container and out of it, which works with an engine on another machine, too.",
      "",
      "Models: app-version, all but the inputs comes with the app version, signed; workunit, the "
          + "program comes with each workunit, job.toml and image with the app version (package's "
          + "semi-universal); universal, all comes with the workunit.",
      "",
      "Nothing is ever overwritten: DIR must be new or empty.",
      "",
      "Example: boinc-docker init --mode copy myjob"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:written",
      "1:this version can't run the template, and nothing was written",
      "2:the command line was not understood",
      "3:a file can't be written, or DIR is not empty"
    })
final class InitCommand implements Callable<Integer> {
  private static final String JOB_FILE = "job.toml";
  private static final String SCHEMA = "schema = 1\n";

  /** How files get into the container and out of it. */
  private enum Mode {
    MOUNT,
    COPY;

    @Override
    public String toString() {
      return this == MOUNT ? "mount" : "copy";
    }
  }

  /** What comes with the app version and what with each workunit. */
  private enum Share {
    APP_VERSION("app-version"),
    WORKUNIT("workunit"),
    UNIVERSAL("universal");

    private final String option;

    Share(String option) {
      this.option = option;
    }

    @Override
    public String toString() {
      return option;
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "DIR", description = "Where it goes; new or empty.")
  private Path directory = Path.of(".");

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "mount",
      description = "One of ${COMPLETION-CANDIDATES} (default: mount).")
  private Mode mode = Mode.MOUNT;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      defaultValue = "app-version",
      description = "One of ${COMPLETION-CANDIDATES} (default: app-version).")
  private Share model = Share.APP_VERSION;

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description =
          "Let job.toml begin with a built-in template, such as docker-network; boinc-docker"
              + " template list has them.")
  private @Nullable String template;

  @Override
  public Integer call() throws IOException {
    Map<String, byte[]> files = files("%s-%s/".formatted(model, mode));
    if (template != null) {
      List<Problem> problems = begin(files, template);
      if (!problems.isEmpty()) {
        print(ProblemReport.text(problems));
        return ExitCode.PROBLEMS;
      }
    }
    write(files);
    print(next());
    return ExitCode.DONE;
  }

  private static Map<String, byte[]> files(String from) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : JobTemplateFiles.names()) {
      if (name.startsWith(from)) {
        files.put(name.substring(from.length()), JobTemplateFiles.read(name).orElseThrow());
      }
    }
    return files;
  }

  /** Writes the template's name into the job.toml; what can't be run so is no beginning. */
  private List<Problem> begin(Map<String, byte[]> files, String name) {
    if (JobTemplateFiles.profile(name).isEmpty()) {
      throw new ParameterException(spec.commandLine(), TemplateCommand.unknown(name));
    }
    String file = files.containsKey(JOB_FILE) ? JOB_FILE : "inputs/" + JOB_FILE;
    String text = new String(Objects.requireNonNull(files.get(file)), StandardCharsets.UTF_8);
    byte[] named =
        text.replaceFirst(SCHEMA, SCHEMA + "template = \"%s\"\n".formatted(name))
            .getBytes(StandardCharsets.UTF_8);
    files.put(file, named);
    return JobReader.read(named, JOB_FILE, JobTemplateFiles::profile, JobOverrides.NONE).problems();
  }

  private void write(Map<String, byte[]> files) throws IOException {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new FileAlreadyExistsException(
          directory + ": is a file, and nothing is ever overwritten");
    }
    Files.createDirectories(directory);
    try (Stream<Path> present = Files.list(directory)) {
      if (present.findAny().isPresent()) {
        throw new FileAlreadyExistsException(
            directory + ": is not empty, and nothing is ever overwritten");
      }
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.resolveSibling(""));
      Files.write(path, file.getValue(), StandardOpenOption.CREATE_NEW);
      if (new String(file.getValue(), StandardCharsets.UTF_8).startsWith("#!")
          && !path.toFile().setExecutable(true, false)) {
        throw new IOException(path + ": can't be made executable");
      }
    }
  }

  private String next() {
    String job = ShellLine.quoted(directory.toString());
    return """
        wrote %s: mode %s, model %s. It adds up numbers; put your own program into main.sh.
        Next:
          boinc-docker validate %s
          boinc-docker simulate %s
          boinc-docker package --help"""
        .formatted(job, mode, model, job, job);
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
