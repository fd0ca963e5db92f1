package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.simulate.ClientScript.Step;
import org.boinc.dockerwrapper.simulate.ClientScript.Verb;
import org.boinc.dockerwrapper.simulate.ClientScript.When;

/**
 * Plays a script on a simulated client until the job has ended for good, and judges the result.
 * Episodes that the client would start again by itself are started again.
 */
public final class Simulation {
  private static final Duration LOOK = Duration.ofMillis(50);

  /** Somebody may press Ctrl-C again, which a wrapper on the same terminal hears too. */
  private static final int GIVING_UP = 2;

  /**
   * The bounds of a simulation.
   *
   * @param episodes how many wrapper processes at most; the client allows 100
   * @param longestDelay what a longer delay of a temporary exit is cut to
   */
  public record Bounds(int episodes, Duration longestDelay) {
    /** Ten episodes, delays of three seconds. */
    public static final Bounds DEFAULT = new Bounds(10, Duration.ofSeconds(3));
  }

  private final SimulatedClient client;
  private final Bounds bounds;
  private final Optional<Path> expected;
  private final List<Step> steps;
  private boolean restartWanted;
  private volatile boolean cancelled;

  /**
   * A simulation that has not begun.
   *
   * @param expected a directory with the outputs as they should be
   */
  public Simulation(
      SimulatedClient client, ClientScript script, Bounds bounds, Optional<Path> expected) {
    this.client = client;
    this.bounds = bounds;
    this.expected = expected;
    steps = new ArrayList<>(script.steps());
    if (script.contains(Verb.CLIENT_DEATH)) {
      client.mortal();
    }
  }

  /**
   * Runs to the end.
   *
   * @throws IOException if the wrapper can't be started, or the slot can't be used
   */
  public Verdict run() throws IOException, InterruptedException {
    Timeline timeline = client.timeline();
    Duration began = timeline.elapsed();
    Episode last = episode(began);
    while (continues(last, began)) {
      last = episode(began);
    }
    Verdict verdict = verdict(last, timeline.elapsed().minus(began));
    giveUp(last);
    return verdict;
  }

  /** Asks the wrapper to quit, gives the job up and ends the simulation; from any thread. */
  public void cancel() {
    cancelled = true;
  }

  private Episode episode(Duration began) throws IOException, InterruptedException {
    client.start();
    boolean quitSent = false;
    while (!client.exitsWithin(LOOK)) {
      play(began);
      if (cancelled && !quitSent) {
        client.quit();
        quitSent = true;
      }
    }
    return client.lastEpisode();
  }

  /** Only the wrapper knows what a job has left with an engine: aborted, it takes it away. */
  private void giveUp(Episode last) throws IOException, InterruptedException {
    Episode end = last;
    for (int tries = 0; end.end().restarts() && tries < GIVING_UP; tries++) {
      note("the job is not over: the wrapper is started once more, to take away what it left");
      client.start();
      client.abort();
      while (!client.exitsWithin(LOOK)) {
        // the client ends its own patience
      }
      end = client.lastEpisode();
    }
  }

  /** Waits as the client would, and tells whether there is another episode. */
  private boolean continues(Episode last, Duration began) throws IOException, InterruptedException {
    if (cancelled || !last.end().restarts() || last.number() >= bounds.episodes()) {
      return false;
    }
    return switch (last.end()) {
      case EpisodeEnd.TemporaryExit(int delay, _, _) -> pause(Duration.ofSeconds(delay), began);
      case EpisodeEnd.Quit _, EpisodeEnd.ClientDied _ -> restartFollows(began);
      case EpisodeEnd.PrematureExit(), EpisodeEnd.Killed _ -> true;
      case EpisodeEnd.Completed(), EpisodeEnd.ComputeError _, EpisodeEnd.Aborted _ -> false;
    };
  }

  private boolean pause(Duration delay, Duration began) throws IOException, InterruptedException {
    Duration pause = delay.compareTo(bounds.longestDelay()) > 0 ? bounds.longestDelay() : delay;
    if (!pause.equals(delay)) {
      note(
          "the client would wait %d s; the simulation waits %.1f s"
              .formatted(delay.toSeconds(), pause.toMillis() / 1000.0));
    }
    Duration end = client.timeline().elapsed().plus(pause);
    while (client.timeline().elapsed().compareTo(end) < 0 && !cancelled) {
      Thread.sleep(LOOK);
      play(began);
    }
    return !cancelled;
  }

  private boolean restartFollows(Duration began) throws IOException, InterruptedException {
    while (!restartWanted && !cancelled) {
      if (steps.stream().noneMatch(step -> step.verb() == Verb.RESTART)) {
        return false;
      }
      Thread.sleep(LOOK);
      play(began);
    }
    restartWanted = false;
    return !cancelled;
  }

  private void play(Duration began) throws IOException {
    Duration elapsed = client.timeline().elapsed().minus(began);
    double fraction =
        client.status().map(AppStatus::fractionDone).map(f -> f.orElse(0)).orElse(0.0);
    for (Iterator<Step> rest = steps.iterator(); rest.hasNext(); ) {
      Step step = rest.next();
      boolean due =
          switch (step.when()) {
            case When.After(Duration time) -> elapsed.compareTo(time) >= 0;
            case When.AtFraction(double wanted) -> fraction >= wanted;
          };
      if (due) {
        rest.remove();
        perform(step);
      }
    }
  }

  private void perform(Step step) throws IOException {
    boolean running = client.isRunning();
    switch (step.verb()) {
      case NETWORK_OFF -> client.networkOff();
      case NETWORK_ON -> client.networkOn();
      case RESTART -> {
        restartWanted = true;
        if (running) {
          client.quit();
        }
      }
      case SUSPEND, RESUME, QUIT, ABORT, KILL, CLIENT_DEATH, REREAD -> {
        if (running) {
          toWrapper(step.verb());
        } else {
          note("'%s' is left out: no wrapper is running".formatted(step));
        }
      }
    }
  }

  private void toWrapper(Verb verb) throws IOException {
    switch (verb) {
      case SUSPEND -> client.suspend();
      case RESUME -> client.resume();
      case QUIT -> client.quit();
      case ABORT -> client.abort();
      case KILL -> client.kill9();
      case CLIENT_DEATH -> client.clientDeath();
      case REREAD -> client.rereadAppInfo();
      case RESTART, NETWORK_OFF, NETWORK_ON ->
          throw new IllegalArgumentException(verb + " is not addressed to a wrapper");
    }
  }

  private Verdict verdict(Episode last, Duration elapsed) throws IOException {
    EarlyUploads uploads = client.uploads();
    List<String> reasons = new ArrayList<>(uploads.problems());
    List<OutputCheck> outputs = List.of();
    if (last.end() instanceof EpisodeEnd.Completed) {
      outputs = OutputCheck.collect(client.slot(), uploads);
      outputs.forEach(output -> output.problem().ifPresent(reasons::add));
      if (expected.isPresent()) {
        reasons.addAll(OutputCheck.compare(client.slot(), expected.get()));
      }
    } else {
      reasons.add(last.end().sentence());
      if (cancelled) {
        reasons.add("the simulation was interrupted");
      } else if (last.end().restarts() && last.number() >= bounds.episodes()) {
        reasons.add("not finished after %d episodes".formatted(last.number()));
      }
    }
    List<String> remarks = steps.stream().map("the job ended before '%s'"::formatted).toList();
    return new Verdict(
        reasons.isEmpty(),
        last.end() instanceof EpisodeEnd.TemporaryExit,
        reasons,
        remarks,
        outputs,
        uploads.count(),
        cpuTime(),
        elapsed,
        last.number());
  }

  private double cpuTime() {
    return client.episodes().reversed().stream()
        .filter(episode -> !episode.reports().isEmpty())
        .map(episode -> episode.reports().getLast().currentCpuTime())
        .findFirst()
        .orElse(0.0);
  }

  private void note(String text) {
    client.timeline().add(Timeline.Kind.NOTE, text);
  }
}
