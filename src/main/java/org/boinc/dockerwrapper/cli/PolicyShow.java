package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code boinc-docker policy show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Prints the policy and what is wrong with it.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:no problems", "1:the file has problems", "3:the file can't be read"},
    footer = {"", "Example:", "  boinc-docker policy show --data-dir /var/lib/boinc-client"})
final class PolicyShow implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private PolicyPlace place = new PolicyPlace();

  @Override
  public Integer call() throws IOException {
    Path file = place.file(spec.commandLine());
    PrintWriter out = spec.commandLine().getOut();
    String text = PolicyPlace.text(file);
    if (text.isEmpty()) {
      out.println(
          file + " does not exist: no project may have anything beyond what every job may.");
      out.flush();
      return ExitCode.DONE;
    }
    out.println("# " + file);
    out.print(text);
    PolicyFile read = PolicyFile.in(file.resolveSibling(""));
    read.problems().forEach(out::println);
    out.flush();
    return read.problems().isEmpty() ? ExitCode.DONE : ExitCode.PROBLEMS;
  }
}
