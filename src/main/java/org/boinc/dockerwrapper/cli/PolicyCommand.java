package org.boinc.dockerwrapper.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code boinc-docker policy}: what the volunteer agrees to. */
@Command(
    name = "policy",
    version = "boinc-docker " + Version.TEXT,
    mixinStandardHelpOptions = true,
    description =
        "Shows and changes docker_policy.toml in the BOINC data directory: what projects may have"
            + " of this computer beyond what every job may.",
    subcommands = {PolicyShow.class, PolicyAllow.class, PolicyDeny.class},
    footer = {
      "",
      "Examples:",
      "  boinc-docker policy show",
      "  boinc-docker policy allow https://lhcathome.cern.ch/lhcathome/ --cap SYS_ADMIN \\",
      "      --device /dev/fuse --mount /cvmfs:ro",
      "  boinc-docker policy deny https://lhcathome.cern.ch/lhcathome/ --device /dev/fuse"
    })
final class PolicyCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say show, allow or deny");
  }
}
