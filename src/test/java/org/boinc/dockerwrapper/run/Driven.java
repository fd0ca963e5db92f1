package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.run.JobState.Link;

/** The state machine at work: events go in, and what it wants done can be asked for. */
final class Driven {
  static final Failure.EngineAway AWAY = new Failure.EngineAway("no answer");
  static final Failure.Surprise SURPRISE = new Failure.Surprise("otherwise than thought");
  static final Sighting RUNNING = new Sighting.Running(Link.NONE);
  static final Sighting PAUSED = new Sighting.Paused(Link.NONE);
  static final PayloadExit ZERO = new PayloadExit(0, false);

  /** An episode's clock stands at zero before anything has happened, and zero is never again. */
  private static final Duration BEGIN = Duration.ofSeconds(1);

  private Duration now = BEGIN;
  private Next last;

  private Driven(Next first) {
    this.last = first;
  }

  static Driven start() {
    return new Driven(JobMachine.start());
  }

  static Driven repeat(Outcome decided) {
    return new Driven(JobMachine.repeat(decided, BEGIN));
  }

  static Driven goOnStopping(Outcome.LimitHit limit) {
    return new Driven(JobMachine.goOnStopping(limit));
  }

  static Driven in(JobState state) {
    return new Driven(Next.stay(state));
  }

  /** Found the engine, planned, looked and found nothing. */
  static Driven fetchingTheImage() {
    return start().done(Step.ENGINE, Step.PLAN).sighted(new Sighting.Absent());
  }

  static Driven running() {
    return fetchingTheImage().done(Step.IMAGE, Step.CREATE, Step.COPY_IN).sighted(RUNNING);
  }

  /** On the network, which the client has allowed. */
  static Driven networked() {
    return fetchingTheImage()
        .network(true)
        .done(Step.IMAGE, Step.CREATE, Step.COPY_IN)
        .sighted(new Sighting.Running(Link.UP));
  }

  static Driven collecting() {
    return running().watchEnded().sighted(new Sighting.Exited(ZERO));
  }

  Driven on(RunEvent event) {
    last = JobMachine.next(last.state(), event, now);
    return this;
  }

  Driven done(Step... steps) {
    for (Step step : steps) {
      on(new RunEvent.Done(step));
    }
    return this;
  }

  Driven failed(Step step, Failure failure) {
    return on(new RunEvent.Failed(step, failure));
  }

  Driven sighted(Sighting sighting) {
    return on(new RunEvent.Sighted(sighting));
  }

  Driven collected(Outcome outcome) {
    return on(new RunEvent.Collected(outcome));
  }

  Driven watchEnded() {
    return on(new RunEvent.WatchEnded());
  }

  Driven overLimit() {
    return on(new RunEvent.OverLimit(LimitKind.TIME, "too long"));
  }

  Driven network(boolean allowed) {
    return on(new RunEvent.NetworkNews(allowed));
  }

  Driven endOnQuit() {
    return on(new RunEvent.EndOnQuit(true));
  }

  Driven asked(ClientRequest request) {
    return on(new RunEvent.Asked(request));
  }

  Driven suspend() {
    return asked(ClientRequest.SUSPEND);
  }

  Driven resume() {
    return asked(ClientRequest.RESUME);
  }

  Driven quit() {
    return asked(ClientRequest.QUIT);
  }

  Driven abort() {
    return asked(ClientRequest.ABORT);
  }

  /** Time passes, and the clock ticks once at its end. */
  Driven after(long seconds) {
    now = now.plusSeconds(seconds);
    return on(new RunEvent.Tick());
  }

  JobState state() {
    return last.state();
  }

  String phase() {
    return Phases.of(last.state());
  }

  /**
   * What the last event made it want, without what it says: such as {@code [IMAGE]} or {@code
   * [CANCEL]}.
   */
  List<String> does() {
    List<String> actions = new ArrayList<>();
    for (Action action : last.actions()) {
      switch (action) {
        case Action.Do(Step step) -> actions.add(step.toString());
        case Action.Cancel() -> actions.add("CANCEL");
        case Action.Say _ -> {}
      }
    }
    return actions;
  }

  /** What the last event made it say. */
  List<String> says() {
    List<String> lines = new ArrayList<>();
    for (Action action : last.actions()) {
      if (action instanceof Action.Say(String line)) {
        lines.add(line);
      }
    }
    return lines;
  }
}
