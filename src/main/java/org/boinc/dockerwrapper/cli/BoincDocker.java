package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code boinc-docker}: everything around a job that is not the job itself, for project admins,
 * workunit authors and volunteers. One class per verb; a new one is listed here.
 */
@Command(
    name = "boinc-docker",
    description = "Prepares, tests and inspects BOINC jobs that run in containers.",
    mixinStandardHelpOptions = true,
    version = "boinc-docker " + Version.TEXT,
    synopsisSubcommandLabel = "VERB",
    footer = {
      "",
      "Examples:",
      "  boinc-docker init myjob",
      "  boinc-docker simulate myjob",
      "  boinc-docker simulate --help"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:problems were found",
      "2:the command line was not understood",
      "3:this host can't do it",
      "70:a fault of this program"
    },
    subcommands = {
      InitCommand.class,
      ValidateCommand.class,
      PlanCommand.class,
      SimulateCommand.class,
      BuildCommand.class,
      PackageCommand.class,
      TemplateCommand.class,
      SchemaCommand.class,
      PolicyCommand.class,
      PsCommand.class,
      LogsCommand.class,
      ExecCommand.class,
      StatsCommand.class,
      DoctorCommand.class,
      ConvertCommand.class,
      CleanCommand.class
    })
public final class BoincDocker implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs a verb and ends the process with its status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line with all verbs, for tests too: it exits nothing. */
  static CommandLine commandLine() {
    CommandLine all =
        new CommandLine(new BoincDocker())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(BoincDocker::failed);
    // What follows in these is another program's command line, which may have a -- of its own.
    for (String verb : List.of("exec", "convert")) {
      Objects.requireNonNull(all.getSubcommands().get(verb), verb)
          .setStopAtPositional(true)
          .setUnmatchedOptionsArePositionalParams(true)
          .setEndOfOptionsDelimiter("\0");
    }
    return all;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say which verb");
  }

  /** A file that can't be read or a program that can't be started is the host's; the rest ours. */
  private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult line) {
    PrintWriter err = command.getErr();
    if (failure instanceof IOException) {
      err.println("boinc-docker: " + failure.getMessage());
      return ExitCode.HOST;
    }
    err.println("boinc-docker: a fault of this program; please report it with these lines:");
    failure.printStackTrace(err);
    return ExitCode.BUG;
  }
}
