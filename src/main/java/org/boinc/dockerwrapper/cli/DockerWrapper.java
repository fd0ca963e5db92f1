package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.boinc.ClientChannels;
import org.boinc.dockerwrapper.boinc.ExitPlan;
import org.boinc.dockerwrapper.boinc.FileTrouble;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.boinc.InitDataException;
import org.boinc.dockerwrapper.boinc.SharedMemory;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.boinc.SlotLock;
import org.boinc.dockerwrapper.boinc.StderrLog;
import org.boinc.dockerwrapper.clean.BackgroundSweep;
import org.boinc.dockerwrapper.job.JobReading;
import org.boinc.dockerwrapper.job.JobSpec;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.plan.HostDevices;
import org.boinc.dockerwrapper.plan.PlanRequest;
import org.boinc.dockerwrapper.plan.Planner;
import org.boinc.dockerwrapper.run.EngineSearch;
import org.boinc.dockerwrapper.run.EventLog;
import org.boinc.dockerwrapper.run.JobContext;
import org.boinc.dockerwrapper.run.JobRun;
import org.boinc.dockerwrapper.run.Outcome;
import org.boinc.dockerwrapper.run.Planning;

/**
 * What the BOINC client launches, in a slot directory: lock, init_data.xml, job.toml, one episode,
 * and out. All ways out go through {@link #leave}.
 */
public final class DockerWrapper {
  private static final Duration SOON = Duration.ofMinutes(5);

  private final Host host;
  private final WrapperArguments arguments;
  private final Slot slot;
  private final StderrLog log;
  private final EventLog events;
  private final Termination termination;
  private final EngineSearch search;

  private DockerWrapper(
      Host host,
      WrapperArguments arguments,
      StderrLog log,
      EventLog events,
      Termination termination,
      EngineSearch search) {
    this.host = host;
    this.arguments = arguments;
    this.slot = new Slot(host.directory());
    this.log = log;
    this.events = events;
    this.termination = termination;
    this.search = search;
  }

  /** The main program; ends the process with the status that the outcome has. */
  public static void main(String[] args) {
    // First of all, since it takes longest and needs nothing else.
    EngineSearch search = EngineSearch.begin(System.getenv());
    Termination termination = Termination.install();
    WrapperArguments arguments = WrapperArguments.parse(List.of(args));
    StandardError.standIn(Path.of(""));
    try {
      Host host = Host.read();
      StderrLog log = StderrLog.open(host.directory());
      log.say("docker_wrapper " + Version.TEXT);
      EventLog events = EventLog.open(host.directory(), log::masked);
      events.begin(Version.TEXT);
      Outcome outcome = new DockerWrapper(host, arguments, log, events, termination, search).run();
      events.end(outcome);
      leave(host.directory(), log, outcome);
    } catch (IOException e) {
      Outcome outcome = unusable(e);
      outcome.sentences().forEach(line -> System.err.println("docker_wrapper: " + line));
      Runtime.getRuntime().halt(leaveFiles(Path.of(""), outcome.exitPlan(), System.err::println));
    }
  }

  /** Nothing is known of the job yet, so nothing is held against it. */
  private static Outcome unusable(IOException e) {
    return new Outcome.HostNotReady("the slot can't be used: " + FileTrouble.sentence(e), SOON);
  }

  private Outcome run() {
    if (arguments.problem().isPresent()) {
      return new Outcome.JobRejected(List.of(arguments.problem().get()));
    }
    try {
      Optional<SlotLock> lock = SlotLock.acquire(slot.directory(), SlotLock.PATIENCE);
      if (lock.isEmpty()) {
        return new Outcome.HostNotReady(
            "another docker_wrapper has held the lock of this slot for %d s"
                .formatted(SlotLock.PATIENCE.toSeconds()),
            Duration.ofMinutes(10));
      }
      try (SlotLock _ = lock.get()) {
        return locked();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Left("interrupted while waiting for the slot's lock");
    } catch (IOException e) {
      return unusable(e);
    } catch (RuntimeException | Error e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      log.importantBlock("a bug in the wrapper", trace.toString());
      return new Outcome.Bug("a bug in the wrapper: " + e);
    }
  }

  private Outcome locked() throws IOException {
    FinishFile.deleteStale(slot.directory());
    Optional<InitData> fromClient = initData();
    InitData job = fromClient.orElseGet(() -> InitData.standalone(slot.directory()));
    Optional<ClientChannels> channels = Optional.empty();
    if (fromClient.isPresent()) {
      try {
        channels = Optional.of(new ClientChannels(SharedMemory.attach(slot.directory(), job)));
      } catch (IOException e) {
        // Alone by accident, it would never hear a suspend or quit (reference REQ-2).
        return new Outcome.HostNotReady(
            "the BOINC client's shared memory can't be attached (%s); a client of version 6 or later makes it where version.xml has an api_version"
                .formatted(e.getMessage()),
            SOON);
      }
    } else {
      log.say("there is no init_data.xml: running without a BOINC client");
    }
    return episode(job, channels);
  }

  private Optional<InitData> initData() throws IOException {
    try {
      return Optional.of(InitData.read(slot.directory()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (InitDataException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Outcome episode(InitData job, Optional<ClientChannels> channels) throws IOException {
    SlotPlanning planning;
    JobReading reading;
    try {
      planning = SlotPlanning.of(slot, job, arguments);
      Optional<String> fault = planning.files().fault(arguments.jobFile());
      if (fault.isPresent()) {
        return new Outcome.JobRejected(List.of(fault.get()));
      }
      reading = planning.read();
    } catch (IOException e) {
      return new Outcome.HostNotReady(
          "%s can't be read: %s".formatted(arguments.jobFile(), FileTrouble.sentence(e)), SOON);
    }
    reading.problems().stream()
        .filter(problem -> problem.severity() == Problem.Severity.WARNING)
        .forEach(problem -> log.say("warning: " + problem));
    if (reading.spec().isEmpty()) {
      return new Outcome.JobRejected(reading.errors().stream().map(Problem::toString).toList());
    }
    if (!planning.policy().problems().isEmpty()) {
      // Half a policy would allow what the other half forbids, and a job isn't to blame for it.
      return new Outcome.HostNotReady(planning.policy().problems().getFirst().toString(), SOON);
    }
    JobRun run =
        new JobRun(
            new JobContext(
                slot,
                job,
                channels,
                log,
                events,
                planner(planning, reading.spec().get()),
                search,
                host.bootId(),
                arguments.sporadic()));
    termination.ask(run::terminate);
    if (channels.isEmpty()) {
      return run.run();
    }
    try (BackgroundSweep _ =
        BackgroundSweep.begin(
            run::engine,
            job.dataDirectory(),
            planning.policy().imageLid(),
            line -> log.say(line))) {
      return run.run();
    }
  }

  private Planning planner(SlotPlanning planning, JobSpec spec) {
    PlanRequest.Caller caller = new PlanRequest.Caller(host.uid(), host.gid());
    return (engine, knownOutputs) ->
        Planner.plan(
            planning.request(
                spec,
                engine,
                spec.gpu().enabled() ? GpuSearch.ofHost() : HostDevices.NONE,
                caller,
                knownOutputs));
  }

  /** The one way out: the files for the client, one sentence for people, the status. */
  private static void leave(Path slot, StderrLog log, Outcome outcome) throws IOException {
    outcome.sentences().forEach(log::important);
    int status = leaveFiles(slot, outcome.exitPlan(), log::important);
    log.close();
    Runtime.getRuntime().halt(status);
  }

  /** The status to end with. */
  private static int leaveFiles(Path slot, ExitPlan plan, Consumer<String> log) {
    try {
      plan.leaveFiles(slot);
      return plan.status();
    } catch (IOException e) {
      // Without its file the outcome would be misread; status 0 alone makes the client start us
      // again.
      log.accept(
          "the exit files can't be written (%s); trying again".formatted(FileTrouble.sentence(e)));
      return 0;
    }
  }
}
