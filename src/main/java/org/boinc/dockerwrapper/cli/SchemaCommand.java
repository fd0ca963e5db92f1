package org.boinc.dockerwrapper.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.job.FileSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boinc-docker schema}: what editors need to complete, explain and check keys. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    description = "Prints the JSON Schema of job.toml or of docker_policy.toml, for editors.",
    footer = {
      "",
      "An editor that knows TOML and JSON Schema then completes and explains keys. Without "
          + "further settings, by the file's first line: #:schema job.schema.json",
      "",
      "Example: boinc-docker schema job > job.schema.json"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "2:the command line was not understood"})
final class SchemaCommand implements Callable<Integer> {
  /** Files that people write. */
  private enum Of {
    JOB,
    POLICY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "Of which file: ${COMPLETION-CANDIDATES}.")
  private Of file = Of.JOB;

  @Override
  public Integer call() throws IOException {
    Properties words = words();
    Map<String, Object> schema =
        switch (file) {
          case JOB -> FileSchema.ofJob(key -> explained(words, key));
          case POLICY -> FileSchema.ofPolicy(key -> explained(words, key));
        };
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(schema));
    out.flush();
    return ExitCode.DONE;
  }

  /** What each key means, by its dotted name; those of the policy behind {@code policy.}. */
  static Properties words() throws IOException {
    Properties words = new Properties();
    try (InputStream stream =
        Objects.requireNonNull(SchemaCommand.class.getResourceAsStream("keys.properties"))) {
      words.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }
    return words;
  }

  private static String explained(Properties words, String key) {
    return Objects.requireNonNull(words.getProperty(key), key);
  }
}
