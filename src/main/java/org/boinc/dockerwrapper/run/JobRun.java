package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.boinc.ClientWatch;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.run.JobState.Motion;
import org.jspecify.annotations.Nullable;

/**
 * One episode of one job: one queue of events, one loop. Takes an event, asks {@link JobMachine}
 * what to do, writes the journal, starts the actions. The loop itself never waits for anything but
 * the queue.
 */
public final class JobRun {
  /** After the first failure of this host, the second, and so on. */
  private static final List<Duration> DELAYS =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(8),
          Duration.ofDays(1));

  private final JobContext context;
  private final LinkedBlockingQueue<RunEvent> events = new LinkedBlockingQueue<>();
  private final Journal journal;
  private final ActionRunner runner;
  private final ClientPoller poller;
  private final ClientReports reports;
  private final Throttling throttling;
  private final long start = System.nanoTime();
  private Optional<Observer> observer = Optional.empty();
  private @Nullable JobState state;

  /**
   * Prepares an episode; the slot lock is held by the caller.
   *
   * @throws IOException where the slot can't be read
   */
  public JobRun(JobContext context) throws IOException {
    this.context = context;
    InitData job = context.job();
    this.journal = Journal.open(context.slot(), job.resultName(), line -> context.log().say(line));
    journal.note(e -> e.cpu = e.cpu.atLeast(job.wuCpuTime()));
    this.runner = new ActionRunner(context, journal, events::add);
    this.poller =
        new ClientPoller(context.channels(), ClientWatch.ofProcess(job.clientPid()), events::add);
    this.reports = new ClientReports(context, journal, poller);
    this.throttling = new Throttling(poller, runner);
  }

  /** SIGTERM, SIGINT or SIGHUP came. */
  public void terminate() {
    events.add(new RunEvent.Terminated());
  }

  /** The engine, as soon as it is found. */
  public Optional<Engine> engine() {
    return runner.steps().engine();
  }

  /** Lives through the episode and says how it ended. */
  public Outcome run() {
    try {
      poller.start();
      if (context.channels().isEmpty()) {
        events.add(new RunEvent.NetworkNews(true));
      }
      Next next =
          journal
              .decided()
              .map(decided -> JobMachine.repeat(decided.outcome(), now()))
              .or(() -> journal.limit().map(JobMachine::goOnStopping))
              .orElseGet(JobMachine::start);
      while (true) {
        apply(next);
        if (next.state() instanceof JobState.Ended(Outcome outcome)) {
          return finish(outcome);
        }
        next = JobMachine.next(next.state(), take(), now());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Left("the wrapper's main thread was interrupted");
    } catch (IOException e) {
      return finish(new Outcome.HostNotReady(Failures.of(e).sentence(), Duration.ZERO));
    } catch (RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      context.log().importantBlock("a bug in the wrapper", trace.toString());
      return new Outcome.Bug("a bug in the wrapper: " + e);
    } finally {
      poller.close();
      observer.ifPresent(Observer::close);
      runner.close();
    }
  }

  private Duration now() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private RunEvent take() throws InterruptedException {
    RunEvent event = events.take();
    switch (event) {
      case RunEvent.Tick() -> tick();
      case RunEvent.NetworkNews(boolean allowed) -> runner.network(allowed);
      case RunEvent.Asked(ClientRequest request) -> {
        if (request == ClientRequest.REREAD_APP_INFO) {
          reread();
        }
      }
      case RunEvent.WatchEnded() ->
          runner.steps().watchedToTheEnd(observer.map(Observer::watchedToTheEnd).orElse(false));
      case RunEvent.Done(Step step) -> {
        if (step == Step.PLAN) {
          tellOfQuits(context.job().leaveInMemory());
        } else if (step == Step.CONNECT) {
          reports.tellPorts(runner);
        }
      }
      case RunEvent.Failed(Step step, Failure failure) -> tell(step, failure);
      case RunEvent.ClientGone _,
          RunEvent.Terminated _,
          RunEvent.EndOnQuit _,
          RunEvent.Sighted _,
          RunEvent.Collected _,
          RunEvent.OverLimit _ -> {}
    }
    return event;
  }

  private void tell(Step step, Failure failure) {
    if (failure instanceof Failure.Limit beyond) {
      context.events().limit(beyond.limit(), beyond.sentence());
    } else {
      context.events().failed(step, failure);
    }
  }

  private void tick() {
    poller.tickTaken();
    reports.report(
        observer,
        state instanceof JobState.Preparing preparing ? Optional.of(preparing) : Optional.empty());
  }

  /** Decide, write, do: what is to be done is on disk before it is done. */
  private void apply(Next next) throws IOException {
    JobState before = state;
    state = next.state();
    String phase = Phases.of(next.state());
    boolean changed = before == null || !Phases.of(before).equals(phase);
    if (changed) {
      record(next.state(), phase);
    }
    for (Action action : next.actions()) {
      if (action instanceof Action.Say(String line)) {
        context.log().say(line);
      }
    }
    if (changed) {
      context.events().state(before == null ? "" : Phases.of(before), phase);
      observe(next.state());
      say(before, phase);
    }
    for (Action action : next.actions()) {
      switch (action) {
        case Action.Do(Step step) -> runner.perform(step);
        case Action.Cancel() -> runner.cancel();
        case Action.Say _ -> {}
      }
    }
  }

  private void record(JobState now, String phase) throws IOException {
    journal.note(e -> e.phase = phase);
    switch (now) {
      case JobState.Leaving leaving when leaving.outcome().isDecided() ->
          journal.update(e -> e.decided = Episode.Decided.of(leaving.outcome()));
      case JobState.Stopping stopping -> {
        journal.update(e -> e.limit = Episode.Decided.of(stopping.limit()));
        context.events().limit(stopping.limit().limit(), stopping.limit().sentence());
      }
      case JobState.Leaving _,
          JobState.Preparing _,
          JobState.Running _,
          JobState.Collecting _,
          JobState.Ended _ -> {}
    }
  }

  private void say(@Nullable JobState before, String phase) {
    int verbosity = runner.steps().plan().map(JobPlan::verbosity).orElse(1);
    boolean small = before instanceof JobState.Preparing && state instanceof JobState.Preparing;
    if (before != null && verbosity > (small ? 1 : 0)) {
      context.log().say(Phases.of(before) + " -> " + phase);
    }
  }

  /** A container that runs is watched; one that was started again is watched anew. */
  private void observe(JobState now) {
    if (!(now instanceof JobState.Running running)) {
      observer.ifPresent(Observer::close);
      observer = Optional.empty();
      return;
    }
    boolean frozen = running.motion() == Motion.PAUSED || running.motion() == Motion.UNPAUSING;
    if (observer.isEmpty() || (observer.get().ended() && running.motion() == Motion.RUNNING)) {
      observer.ifPresent(Observer::close);
      Observer fresh =
          new Observer(
              runner.steps().engine().orElseThrow(),
              runner.steps().network(),
              runner.steps().containerId().orElseThrow(),
              context.slot().directory(),
              runner.steps().plan().orElseThrow(),
              journal,
              events::add,
              line -> context.log().say(line),
              Uploads.of(context, journal, runner.steps()),
              !context.job().noPriorityChange());
      observer = Optional.of(fresh);
      fresh.paused(frozen);
      fresh.start();
      journal.note(e -> e.temporaryExits = 0);
      reports.containerStarted(runner);
      throttling.containerStarted();
    }
    observer.get().paused(frozen);
  }

  /** Nothing for most jobs: without a checkpoint a container is only ever frozen. */
  private void tellOfQuits(boolean leaveInMemory) {
    runner
        .steps()
        .plan()
        .flatMap(JobPlan::checkpoint)
        .map(checkpoint -> new RunEvent.EndOnQuit(checkpoint.endsOnQuit(leaveInMemory)))
        .ifPresent(events::add);
  }

  /** What else could have changed is the container's until it is made anew. */
  private void reread() {
    Thread.ofPlatform()
        .daemon()
        .name("reread")
        .start(
            () -> {
              try {
                InitData fresh = InitData.read(context.slot().directory());
                throttling.preferencesChanged(fresh.grant().cpuUsage());
                tellOfQuits(fresh.leaveInMemory());
                if (!fresh.proxy().equals(context.job().proxy())) {
                  context
                      .log()
                      .say("the client's proxy settings changed; the next container uses them");
                }
              } catch (IOException e) {
                context.log().say("init_data.xml can't be read again: " + e.getMessage());
              }
            });
  }

  private Outcome finish(Outcome outcome) {
    reports.last(observer);
    context
        .events()
        .used(
            journal.get(e -> e.cpu.total()),
            journal.get(e -> e.runSeconds),
            journal.get(e -> e.received.total()),
            journal.get(e -> e.sent.total()));
    Outcome ended =
        outcome instanceof Outcome.HostNotReady(String reason, Duration delay) && delay.isZero()
            ? new Outcome.HostNotReady(reason, growingDelay())
            : outcome;
    try {
      if (ended instanceof Outcome.Aborted) {
        journal.update(
            e -> {
              e.decided = null;
              e.limit = null;
            });
      } else {
        journal.update(e -> e.temporaryExits += ended instanceof Outcome.HostNotReady ? 1 : 0);
      }
    } catch (IOException e) {
      context.log().say("the journal can't be written: " + Failures.of(e).sentence());
    }
    return ended;
  }

  private Duration growingDelay() {
    int before = journal.get(e -> e.temporaryExits);
    return DELAYS.get(Math.min(before, DELAYS.size() - 1));
  }
}
