package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.job.PolicyText;
import org.boinc.dockerwrapper.job.PolicyText.Item;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boinc-docker policy deny}. */
@Command(
    name = "deny",
    mixinStandardHelpOptions = true,
    description = "Takes an agreement back; without an option, all of a project's.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:the file can't be changed so; nothing was written",
      "2:the command line was not understood",
      "3:the file can't be written: use sudo"
    })
final class PolicyDeny implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private PolicyPlace place = new PolicyPlace();
  @Mixin private PolicyItems wanted = new PolicyItems();

  @Parameters(
      paramLabel = "PROJECT",
      description = "Its address, or the name of its directory below projects/.")
  private String project = "";

  @Override
  public Integer call() throws IOException {
    Path file = place.file(spec.commandLine());
    List<Item> items = wanted.items();
    String changed = PolicyText.deny(PolicyPlace.text(file), project, items);
    Optional<String> trouble = PolicyPlace.change(file, changed, project, items, false);
    PrintWriter out = spec.commandLine().getOut();
    out.println(trouble.orElse("changed " + file));
    out.flush();
    return trouble.isEmpty() ? ExitCode.DONE : ExitCode.PROBLEMS;
  }
}
