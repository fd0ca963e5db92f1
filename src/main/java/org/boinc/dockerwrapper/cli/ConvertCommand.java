package org.boinc.dockerwrapper.cli;

import com.google.gson.GsonBuilder;
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
import java.util.Optional;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.convert.Conversion;
import org.boinc.dockerwrapper.convert.NotConvertible;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boinc-docker convert}: another system's job as a job.toml. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description = "Makes a job.toml of what another system calls a job.",
    customSynopsis = {
      "boinc-docker convert [--from=FORMAT] [--json] [-o=FILE] FILE|-",
      "boinc-docker convert [--from=FORMAT] [--json] [-o=FILE] [--] WORD..."
    },
    footer = {
      "",
      "FORMAT, where the text does not say it: qarnot (constants of a task), lsf (LSF_DOCKER_*"
          + " variables and bsub), docker-run (also podman run and dockerrun), nqsv"
          + " (container_template), boinc2docker (its create_work), vbox-job (vbox_job.xml),"
          + " wrapper-job (job.xml).",
      "",
      "The result passes validate. What could not be carried over stands at its beginning, as"
          + " comments that say why.",
      "",
      "Examples:",
      "  boinc-docker convert -o job.toml vbox_job.xml",
      "  boinc-docker convert docker run -v .:/work python:3 python /work/main.py"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:converted",
      "1:no job can be made of it",
      "2:the command line was not understood",
      "3:this host can't"
    })
final class ConvertCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--from", paramLabel = "FORMAT", description = "Which system's it is.")
  private @Nullable String from;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write it there instead of printing it; a file is never overwritten.")
  private @Nullable Path output;

  @Option(names = "--json", description = "Print format, text and notes as one JSON object.")
  private boolean json;

  @Parameters(paramLabel = "FILE|WORD", hidden = true)
  private List<String> words = List.of();

  @Override
  public Integer call() throws IOException {
    Conversion made;
    try {
      made = Conversion.of(text(), Optional.ofNullable(from));
    } catch (NotConvertible e) {
      spec.commandLine()
          .getErr()
          .println("boinc-docker: " + ShellLine.visible(String.valueOf(e.getMessage())));
      return ExitCode.PROBLEMS;
    }
    if (output != null) {
      write(output, made.toml());
    }
    if (json || output == null) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(json ? json(made) + System.lineSeparator() : made.toml());
      out.flush();
    }
    return ExitCode.DONE;
  }

  /** A file's, the standard input's, or the line that the words were. */
  private String text() throws IOException {
    List<String> given =
        words.stream().findFirst().filter("--"::equals).isPresent()
            ? words.subList(1, words.size())
            : words;
    if (given.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "say what is to be converted");
    }
    if (given.getFirst().startsWith("-") && !given.getFirst().equals("-")) {
      throw new ParameterException(
          spec.commandLine(), "there is no option '%s'".formatted(given.getFirst()));
    }
    if (given.size() > 1 && Files.isRegularFile(Path.of(given.getFirst()))) {
      throw new ParameterException(
          spec.commandLine(), "options stand before the file " + given.getFirst());
    }
    if (given.size() > 1) {
      return ShellLine.of(given);
    }
    return given.getFirst().equals("-")
        ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
        : Files.readString(Path.of(given.getFirst()));
  }

  private static void write(Path file, String text) throws IOException {
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException there) {
      throw new IOException(file + " is there already, and is not overwritten");
    }
  }

  private static String json(Conversion made) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("from", made.from());
    object.put("toml", made.toml());
    object.put("notes", made.notes());
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(object);
  }
}
