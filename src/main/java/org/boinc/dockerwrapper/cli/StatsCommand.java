package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code boinc-docker stats}: how the jobs of this host are getting on. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description = "Shows CPU, memory, progress and state of each job, again and again.",
    footer = {
      "",
      "CPU %% is that of one CPU over the last interval; CPU TIME counts all episodes, as far as the"
          + " client was told. Elsewhere than on a terminal, one table is printed.",
      "",
      "Examples:",
      "  boinc-docker stats",
      "  boinc-docker stats --json --interval 5"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "2:the command line was not understood", "3:this host can't"})
final class StatsCommand implements Callable<Integer> {
  /** Puts the cursor into the first corner and clears what was there (ECMA-48). */
  private static final String CLEAR = "\u001b[H\u001b[2J";

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private HostJobs jobs = new HostJobs();

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description = "Over which CPU use is measured, and then shown (default: ${DEFAULT-VALUE}).")
  private double interval;

  @Option(names = "--once", description = "Print one table and end.")
  private boolean once;

  @Option(names = "--json", description = "Print one JSON array and end.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!(interval >= 0.1 && interval <= 3600)) {
      throw new ParameterException(
          spec.commandLine(), "--interval: %s is not between 0.1 and 3600".formatted(interval));
    }
    boolean repeated = !once && !json && SimulationDisplay.isTerminal();
    PrintWriter out = spec.commandLine().getOut();
    try (Engine engine = HostEngine.connect()) {
      JobStats before = JobStats.of(engine, jobs.all(engine));
      do {
        Thread.sleep((long) (interval * 1000));
        JobStats now = JobStats.of(engine, jobs.all(engine));
        List<JobStats.Row> rows = now.since(before);
        out.println((repeated ? CLEAR : "") + (json ? JobStats.json(rows) : JobStats.text(rows)));
        out.flush();
        before = now;
      } while (repeated);
      return ExitCode.DONE;
    } catch (EngineException e) {
      throw HostEngine.failure(e);
    }
  }
}
