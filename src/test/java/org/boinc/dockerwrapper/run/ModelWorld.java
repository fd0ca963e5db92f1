package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.run.JobState.Motion;
import org.boinc.dockerwrapper.run.Scenario.Message;
import org.boinc.dockerwrapper.run.Scenario.Mishap;

/**
 * An engine, a slot, a client and a wrapper in a few fields: everything a job depends on, without
 * any of it. Turn by turn, a second each; nastier than life: news of the container's end comes two
 * turns late, a cancelled step may have happened, and the wrapper dies between any two of its
 * operations.
 */
final class ModelWorld {
  /** One of the promises is broken. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String what) {
      super(what);
    }
  }

  /** The wrapper was killed. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  private static final int LONGEST = 300;
  private static final int NEWS_DELAY = 2;

  /** Two turns for each step, one of which may be in progress. */
  private static final int LONGEST_MISLINKED = 5;

  /** The same with a wrapper's start or another try. */
  private static final int LONGEST_MISLINKED_IN_TROUBLE = 8;

  /** Longer than {@link PreparingRules#REAL_SUSPEND}. */
  private static final int LONGEST_SUSPEND = 14;

  private final Scenario scenario;
  private final Decider decider;
  private final ModelEngine engine;
  private final List<Object> story = new ArrayList<>();
  private int now;
  private int operations;
  private int steps;
  private int reboots;
  private int deaths;
  private int bootAtStart;
  private boolean journalledParked;
  private Optional<Episode.Decided> journal = Optional.empty();
  private Optional<Outcome.LimitHit> journalledLimit = Optional.empty();
  private Optional<Wrapper> wrapper = Optional.empty();
  private Optional<Outcome> told = Optional.empty();
  private int startAt;
  private int suspendedAt;
  private boolean aborted;
  private int mislinked;

  ModelWorld(Scenario scenario, Decider decider) {
    this.scenario = scenario;
    this.decider = decider;
    this.engine = new ModelEngine(scenario.status());
  }

  /** Lives through the scenario. */
  ModelWorld live() {
    try {
      while (told.isEmpty() && !(aborted && wrapper.isEmpty())) {
        turn();
      }
      checkEnd();
    } catch (Violation e) {
      throw new Violation(e.getMessage() + " in " + scenario + story());
    }
    return this;
  }

  private String story() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(100, story.size()); i += 2) {
      text.append("\n  ").append(story.get(i)).append(' ').append(story.get(i + 1));
    }
    return text.toString();
  }

  /** What the client was told; nothing where it aborted the job. */
  Optional<Outcome> told() {
    return told;
  }

  /** How many operations the wrapper did, over all episodes. */
  int operations() {
    return operations;
  }

  int turns() {
    return now;
  }

  int steps() {
    return steps;
  }

  int starts() {
    return engine.starts;
  }

  private void turn() {
    now++;
    demand(now < LONGEST, "the job never ends");
    engine.turn(now);
    checkLink();
    try {
      if (wrapper.isPresent()) {
        wrapper.get().turn();
      } else if (now >= startAt) {
        Wrapper fresh = new Wrapper();
        wrapper = Optional.of(fresh);
        fresh.begin();
      }
    } catch (Killed e) {
      note("killed");
      wrapper = Optional.empty();
      startAt = now + 1;
      suspendedAt = 0;
      if (scenario.reboots()) {
        reboots++;
        engine.reboot(now);
      }
    }
  }

  /**
   * While a wrapper lives that doesn't leave, a job that computes is on the network if and only if
   * it may be.
   */
  private void checkLink() {
    boolean wrong = engine.runs() && engine.linked != scenario.allowsNetwork(now);
    boolean cares =
        wrapper.flatMap(living -> living.state).filter(at -> !isLeaving(at)).isPresent();
    mislinked = wrong && cares ? mislinked + 1 : 0;
    boolean quiet = scenario.kills().isEmpty() && scenario.mishaps().isEmpty();
    demand(
        mislinked <= (quiet ? LONGEST_MISLINKED : LONGEST_MISLINKED_IN_TROUBLE),
        engine.linked ? "on the network though it is suspended" : "off the network for no reason");
  }

  private static boolean isLeaving(JobState state) {
    return state instanceof JobState.Leaving;
  }

  private void checkEnd() {
    demand(engine.starts <= 1 + reboots + engine.parkings, "started " + engine.starts + " times");
    boolean wrapperSawTheEnd = told.isPresent();
    demand(!wrapperSawTheEnd || engine.container.isEmpty(), "the container is left behind");
  }

  private void demand(boolean condition, String otherwise) {
    if (!condition) {
      throw new Violation(otherwise);
    }
  }

  private void note(String line) {
    story.add(now);
    story.add(line);
  }

  /** After each of these the wrapper may die. */
  private void operation() {
    operations++;
    if (scenario.kills().contains(operations)) {
      throw new Killed();
    }
  }

  /** A step in progress. */
  private static final class Work {
    final Step step;
    final Optional<Mishap> mishap;
    Optional<RunEvent> answer = Optional.empty();
    boolean cancelled;

    Work(Step step, Optional<Mishap> mishap) {
      this.step = step;
      this.mishap = mishap;
    }
  }

  /** One episode: what a wrapper's process knows, and loses when it dies. */
  private final class Wrapper {
    private final Queue<RunEvent> events = new ArrayDeque<>();
    private final int born = now;
    private Optional<JobState> state = Optional.empty();
    private Optional<Work> work = Optional.empty();
    private Optional<Boolean> heard = Optional.empty();
    private boolean watching;
    private boolean watchEnded;
    private boolean watched;

    private Duration elapsed() {
      return ModelEngine.at(now - born);
    }

    void begin() {
      note("wrapper starts");
      Optional<Outcome> decided = journal.map(Episode.Decided::outcome);
      apply(decider.start(decided, journalledLimit, elapsed()));
    }

    void turn() {
      client();
      engineAnswers();
      news();
      events.add(new RunEvent.Tick());
      while (!events.isEmpty() && wrapper.isPresent()) {
        RunEvent event = events.remove();
        watched |= event instanceof RunEvent.WatchEnded;
        Next next = decider.next(state.orElseThrow(), event, elapsed());
        operation();
        apply(next);
        if (scenario.parks() && event instanceof RunEvent.Done(Step step) && step == Step.PLAN) {
          events.add(new RunEvent.EndOnQuit(true));
        }
      }
    }

    private void client() {
      boolean allowed = scenario.allowsNetwork(now);
      if (now - born >= 1 && !heard.equals(Optional.of(allowed))) {
        heard = Optional.of(allowed);
        note("client: network " + (allowed ? "allowed" : "suspended"));
        events.add(new RunEvent.NetworkNews(allowed));
      }
      for (Message message : scenario.messages()) {
        if (message.turn() == now) {
          ask(message.request());
        }
      }
      if (suspendedAt > 0 && now >= suspendedAt + LONGEST_SUSPEND) {
        ask(ClientRequest.RESUME);
      }
    }

    private void ask(ClientRequest request) {
      note("client: " + request);
      events.add(new RunEvent.Asked(request));
      aborted |= request == ClientRequest.ABORT;
      if (request == ClientRequest.SUSPEND) {
        suspendedAt = now;
      } else if (request == ClientRequest.RESUME) {
        suspendedAt = 0;
      }
    }

    /** A step is done in one turn and answered in the next. */
    private void engineAnswers() {
      if (work.isEmpty()) {
        return;
      }
      Work current = work.get();
      if (current.answer.isPresent()) {
        work = Optional.empty();
        RunEvent answer = current.answer.get();
        boolean lost = current.cancelled && now % 2 == 0;
        events.add(lost ? failed(current, new Failure.Cancelled()) : answer);
      } else {
        current.answer =
            Optional.of(
                current.cancelled ? failed(current, new Failure.Cancelled()) : effect(current));
        operation();
      }
    }

    private RunEvent effect(Work current) {
      if (current.mishap.equals(Optional.of(Mishap.AWAY))) {
        return failed(current, new Failure.EngineAway("no answer"));
      }
      if (current.mishap.equals(Optional.of(Mishap.CONFLICT))) {
        return failed(current, new Failure.Surprise("otherwise"));
      }
      if (current.step == Step.START) {
        demand(engine.inputs, "started without its inputs");
        engine.linked &= !heard.equals(Optional.of(false));
        deaths += engine.is(ContainerState.EXITED) && !journalledParked ? 1 : 0;
        journalledParked = false;
        bootAtStart = reboots;
        watched = false;
      }
      if (current.step == Step.PARK) {
        journalledParked = true;
        operation();
      }
      Optional<Failure> problem = engine.perform(current.step, now);
      if (current.mishap.isPresent()) {
        return failed(current, new Failure.EngineAway("answer lost"));
      }
      return problem.isPresent()
          ? failed(current, problem.get())
          : engine.answer(current.step, watched, reboots > bootAtStart, journalledParked, deaths);
    }

    private RunEvent failed(Work current, Failure failure) {
      return new RunEvent.Failed(current.step, failure);
    }

    /** As the product's observer: one wait for each run of the container, news once. */
    private void news() {
      if (!(state.orElseThrow() instanceof JobState.Running running)) {
        watching = false;
        return;
      }
      if (!watching || (watchEnded && running.motion() == Motion.RUNNING)) {
        watching = true;
        watchEnded = false;
      }
      boolean ended = engine.container.isEmpty() || engine.is(ContainerState.EXITED);
      if (scenario.limitAfter() > 0 && !watchEnded && engine.computed() >= scenario.limitAfter()) {
        events.add(new RunEvent.OverLimit(LimitKind.TIME, "too long"));
      }
      if (!watchEnded && ended && now >= engine.exitedAt + NEWS_DELAY) {
        watchEnded = true;
        events.add(new RunEvent.WatchEnded());
      }
    }

    /** Decide, write, do: as the product's loop. */
    private void apply(Next next) {
      boolean changed = state.isEmpty() || changed(state.get(), next.state());
      state = Optional.of(next.state());
      if (changed) {
        note(Phases.of(next.state()));
      }
      if (changed && decider.writesFirst()) {
        write(next.state());
      }
      next.actions().forEach(this::act);
      if (changed && !decider.writesFirst()) {
        for (int i = 0; i < 2; i++) {
          engineAnswers();
        }
        write(next.state());
      }
      if (next.state() instanceof JobState.Ended(Outcome outcome)) {
        end(outcome);
      }
    }

    private static boolean changed(JobState before, JobState after) {
      return !before.equals(after) && !Phases.of(before).equals(Phases.of(after));
    }

    private void write(JobState toWrite) {
      switch (toWrite) {
        case JobState.Leaving leaving when leaving.outcome().isDecided() -> {
          journal = Optional.ofNullable(Episode.Decided.of(leaving.outcome()));
          operation();
        }
        case JobState.Stopping stopping -> {
          journalledLimit = Optional.of(stopping.limit());
          operation();
        }
        case JobState.Leaving _,
            JobState.Preparing _,
            JobState.Running _,
            JobState.Collecting _,
            JobState.Ended _ -> {}
      }
    }

    private void act(Action action) {
      switch (action) {
        case Action.Do(Step step) -> {
          demand(work.isEmpty(), step + " while " + work.map(w -> w.step) + " is in progress");
          steps++;
          work = Optional.of(new Work(step, Optional.ofNullable(scenario.mishaps().get(steps))));
        }
        case Action.Cancel() -> work.ifPresent(current -> current.cancelled = true);
        case Action.Say(String line) -> note(line);
      }
    }

    private void end(Outcome outcome) {
      operation();
      boolean computed =
          outcome instanceof Outcome.Succeeded || outcome instanceof Outcome.LimitHit;
      demand(!computed || engine.outputs, "finished without its outputs");
      // A quit does not wait for an engine that fails.
      boolean reachable = scenario.mishaps().isEmpty();
      demand(
          !(outcome instanceof Outcome.Left && reachable && engine.runs()),
          "the container computes on after a quit");
      wrapper = Optional.empty();
      suspendedAt = 0;
      startAt = now + 3;
      if (outcome.exitPlan().finish().isPresent() || outcome.exitPlan().status() != 0) {
        told = Optional.of(outcome);
      }
    }
  }
}
