package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.simulate.JobDirectory;
import org.boinc.dockerwrapper.simulate.SimulatedSlot;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The job that a verb is about, and how it comes into a simulated slot. */
final class JobParameters {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The job's directory (default: the present one).")
  private Path directory = Path.of(".");

  @Parameters(
      index = "1..*",
      paramLabel = "ARG",
      description = "Arguments for the wrapper, instead of the template's command line; after --.")
  private List<String> arguments = new ArrayList<>();

  @Mixin private GrantOptions grant = new GrantOptions();

  Path directory() {
    return directory;
  }

  /** Arguments for the wrapper; none: the template's. */
  List<String> arguments() {
    return arguments;
  }

  GrantOptions grant() {
    return grant;
  }

  /**
   * What the directory holds.
   *
   * @throws ParameterException where it is none
   */
  JobDirectory read(CommandLine command) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new ParameterException(
          command, "%s: is not a directory with a job".formatted(directory));
    }
    return JobDirectory.read(directory);
  }

  /** Puts what was granted and the arguments into the slot. */
  void apply(SimulatedSlot.Builder slot, CommandLine command) {
    grant.apply(slot, command);
    if (!arguments.isEmpty()) {
      slot.arguments(arguments);
    }
  }
}
