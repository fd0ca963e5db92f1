package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.job.PolicyText;
import org.boinc.dockerwrapper.job.PolicyText.Item;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code boinc-docker policy}: what the volunteer agrees to. */
@Command(
    name = "policy",
    version = "boinc-docker " + Version.TEXT,
    mixinStandardHelpOptions = true,
    description =
        "Shows and changes docker_policy.toml in the BOINC data directory: what projects may have"
            + " of this computer beyond what every job may.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done; show: no problems",
      "1:the file can't be changed so, and nothing was written; show: it has problems",
      "2:the command line was not understood",
      "3:the file can't be read or written: use sudo"
    },
    subcommands = PolicyShow.class,
    footer = {
      "",
      "Examples:",
      "  boinc-docker policy show",
      "  boinc-docker policy allow https://lhcathome.cern.ch/lhcathome/ \\",
      "      --cap SYS_ADMIN --device /dev/fuse --mount /cvmfs:ro",
      "  boinc-docker policy deny https://lhcathome.cern.ch/lhcathome/"
    })
final class PolicyCommand implements Runnable {
  private static final String PROJECT = "Its address, or the name of its directory in projects/.";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say show, allow or deny");
  }

  @Command(
      name = "allow",
      mixinStandardHelpOptions = true,
      description = "Agrees that a project's jobs may have something beyond what every job may.",
      exitCodeListHeading = "%nExit status:%n",
      exitCodeList = {
        "0:done",
        "1:the file can't be changed so, and nothing was written",
        "2:the command line was not understood",
        "3:the file can't be read or written: use sudo"
      },
      footer = {
        "",
        "Examples:",
        "  boinc-docker policy allow lhcathome.cern.ch_lhcathome --mount /cvmfs:ro",
        "  boinc-docker policy allow lhcathome.cern.ch_lhcathome --cap SYS_ADMIN"
      })
  int allow(
      @Mixin PolicyPlace place,
      @Mixin PolicyItems wanted,
      @Parameters(paramLabel = "PROJECT", description = PROJECT) String project)
      throws IOException {
    List<Item> items = wanted.items();
    if (items.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "say what to allow, such as --device /dev/fuse");
    }
    Path file = place.file(spec.commandLine());
    String changed = PolicyText.allow(PolicyPlace.text(file), project, items);
    return done(file, PolicyPlace.change(file, changed, project, items, true));
  }

  @Command(
      name = "deny",
      mixinStandardHelpOptions = true,
      description = "Takes an agreement back; without an option, all of a project's.",
      exitCodeListHeading = "%nExit status:%n",
      exitCodeList = {
        "0:done",
        "1:the file can't be changed so, and nothing was written",
        "2:the command line was not understood",
        "3:the file can't be read or written: use sudo"
      },
      footer = {"", "Example:", "  boinc-docker policy deny https://lhcathome.cern.ch/lhcathome/"})
  int deny(
      @Mixin PolicyPlace place,
      @Mixin PolicyItems unwanted,
      @Parameters(paramLabel = "PROJECT", description = PROJECT) String project)
      throws IOException {
    List<Item> items = unwanted.items();
    Path file = place.file(spec.commandLine());
    String changed = PolicyText.deny(PolicyPlace.text(file), project, items);
    return done(file, PolicyPlace.change(file, changed, project, items, false));
  }

  private int done(Path file, Optional<String> trouble) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(trouble.orElse("changed " + file));
    out.flush();
    return trouble.isEmpty() ? ExitCode.DONE : ExitCode.PROBLEMS;
  }
}
