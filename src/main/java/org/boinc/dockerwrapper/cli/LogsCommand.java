package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.boinc.dockerwrapper.boinc.StderrLog;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.LogRange;
import org.boinc.dockerwrapper.engine.LogSink;
import org.boinc.dockerwrapper.run.JobEvent;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code boinc-docker logs}: what a job of this host has written. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description =
        "Shows what a job's container has written, its wrapper's log, or what happened to it.",
    footer = {
      "",
      "JOB is its " + JobName.FORMS + ". On a terminal, control characters are shown as such.",
      "",
      "Examples:",
      "  boinc-docker logs -f 3               # what the job in slot 3 writes",
      "  boinc-docker logs --wrapper wu_1234  # what docker_wrapper says of it",
      "  boinc-docker logs --events 3         # each step, refusal and limit"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "2:the command line was not understood",
      "3:this host can't, or has no such job"
    })
final class LogsCommand implements Callable<Integer> {
  @Mixin private HostJobs jobs = new HostJobs();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "JOB",
      defaultValue = "",
      description = "Which job (default: the only one).")
  private String name = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the job ends.")
  private boolean follow;

  @Option(
      names = {"-n", "--tail"},
      paramLabel = "LINES",
      description = "Only so many last lines, and with -f what comes then.")
  private @Nullable Integer tail;

  @Option(
      names = "--wrapper",
      description = "The wrapper's own log, " + StderrLog.FILE + " in the slot.")
  private boolean wrapper;

  @Option(
      names = "--events",
      description = "What happened to it, from " + JobEvent.FILE + " in the slot.")
  private boolean events;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (Engine engine = HostEngine.connect()) {
      HostJob job =
          JobName.choose(wrapper || events ? jobs.all(engine) : withContainer(engine), name);
      LogSink sink = new LogOutput(SimulationDisplay.isTerminal());
      if (events) {
        new SlotLog(job.slot(), JobEvent.FILE)
            .show(lines(), follow, new EventLines(sink, ZoneId.systemDefault()));
      } else if (wrapper) {
        new SlotLog(job.slot(), StderrLog.FILE).show(lines(), follow, sink);
      } else {
        container(engine, job.container().orElseThrow().id(), sink);
      }
      return ExitCode.DONE;
    } catch (EngineException e) {
      throw HostEngine.failure(e);
    }
  }

  /** A job of that name without a container is a better answer than that there is none. */
  private List<HostJob> withContainer(Engine engine) throws EngineException, IOException {
    List<HostJob> there = jobs.withContainer(engine);
    for (HostJob job : jobs.all(engine)) {
      if (job.container().isEmpty() && !name.isEmpty() && isCalled(job)) {
        throw new IOException(
            "%s has no container at the moment; see boinc-docker logs --wrapper %s"
                .formatted(job.title(), ShellLine.quoted(name)));
      }
    }
    return there;
  }

  private boolean isCalled(HostJob job) {
    return job.result().equals(name) || job.slotNumber().equals(name);
  }

  private OptionalInt lines() {
    return tail == null ? OptionalInt.empty() : OptionalInt.of(Math.max(0, tail));
  }

  private void container(Engine engine, String id, LogSink sink)
      throws EngineException, IOException {
    LogRange range = new LogRange(Optional.empty(), lines());
    if (follow) {
      engine.containers().followLogs(id, range, true, true, sink);
    } else {
      engine.containers().logs(id, range, true, true, sink);
    }
  }
}
