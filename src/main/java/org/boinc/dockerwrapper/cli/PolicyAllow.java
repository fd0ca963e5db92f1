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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boinc-docker policy allow}. */
@Command(
    name = "allow",
    mixinStandardHelpOptions = true,
    description = "Agrees that a project's jobs may have something beyond what every job may.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:the file can't be changed so; nothing was written",
      "2:the command line was not understood",
      "3:the file can't be written: use sudo"
    })
final class PolicyAllow implements Callable<Integer> {
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
    if (items.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "say what to allow, such as --device /dev/fuse");
    }
    String changed = PolicyText.allow(PolicyPlace.text(file), project, items);
    Optional<String> trouble = PolicyPlace.change(file, changed, project, items, true);
    PrintWriter out = spec.commandLine().getOut();
    out.println(trouble.orElse("changed " + file));
    out.flush();
    return trouble.isEmpty() ? ExitCode.DONE : ExitCode.PROBLEMS;
  }
}
