package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.clean.Sweep;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.job.ByteSize;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code boinc-docker clean}: takes away what jobs have left behind. */
@Command(
    name = "clean",
    mixinStandardHelpOptions = true,
    description =
        "Removes containers whose job is gone, images that no job can use any more, and the"
            + " least recently used images beyond a limit.",
    footer = {
      "",
      "Only what docker_wrapper made for this client is looked at; what a container uses, "
          + "and what can't be judged, stays. Every docker_wrapper does the same beside its "
          + "job, with a limit of 20g.",
      "",
      "Example: boinc-docker clean --dry-run --disk-cap 5g"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something could not be judged or removed",
      "2:the command line was not understood",
      "3:this host can't"
    })
final class CleanCommand implements Callable<Integer> {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(30);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--dry-run", description = "Say what would be removed, and remove nothing.")
  private boolean dryRun;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Data directory of the client (default: where this system's packages have it). It need"
              + " not be there any more.")
  private @Nullable Path dataDirectory;

  @Option(
      names = "--disk-cap",
      paramLabel = "SIZE",
      description =
          "What all images of this client may take together, such as 5g (default: the policy's disk_cap, or 20g). Layers"
              + " that images share count in each.")
  private @Nullable String diskCap;

  @Option(names = "--json", description = "Print what was found as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path client =
        DataDirectory.of(dataDirectory)
            .orElseThrow(() -> usage("--data-dir: say where the client's data directory is"));
    long limit = limit(client);
    try (Engine engine = HostEngine.connect()) {
      String endpoint = engine.facts().endpoint();
      if (!engine.isOfThisHost()) {
        throw new IOException(
            "the engine at %s may have containers of other hosts; run this on its own host"
                .formatted(endpoint));
      }
      Sweep sweep = new Sweep(engine, client, limit, BETWEEN_LOOKS, LOCK_PATIENCE);
      CleanReport report =
          new CleanReport(client, endpoint, dryRun, dryRun ? sweep.look() : sweep.clean());
      PrintWriter out = spec.commandLine().getOut();
      out.println(json ? report.json() : report.text());
      out.flush();
      return report.hasProblems() ? ExitCode.PROBLEMS : ExitCode.DONE;
    } catch (EngineException e) {
      throw HostEngine.failure(e);
    }
  }

  private long limit(Path client) throws IOException {
    String size = diskCap;
    return size == null
        ? PolicyFile.in(client).imageLid()
        : ByteSize.parse(size)
            .map(ByteSize::bytes)
            .orElseThrow(() -> usage("--disk-cap: '%s' is no size such as 5g".formatted(size)));
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
