package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.boinc.dockerwrapper.it.FaultyProxy.Spoil;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/** An engine that takes a request and never answers it. */
final class HangingEngineIT extends JobTest {
  /** The wrapper's patience with a call is 30 s at most here; a busy machine needs its time too. */
  private static final Duration BOUND = Duration.ofMinutes(2);

  /** Where a call hangs the machine has nothing to do; on the way there it has. */
  private static final int STARTING_AT_ONCE = 6;

  private FaultyProxy proxy(String name) throws IOException {
    return new FaultyProxy(Files.createDirectory(data.resolve(name)), jobs.engine().socket());
  }

  private Job job(String name, FaultyProxy proxy) throws IOException {
    return jobs.shell(
            name,
            "/work/job.sh",
            """
            workdir = "/work"
            start_timeout = "30s"
            [files]
            slot = ""
            in = [{ src = "job.sh", dst = "/work/job.sh" }]
            out = [{ src = "/work/out", dst = "out" }]
            """,
            "sleep 2; echo 42 >/work/out")
        .file(SimulatedFile.input("in", "x").copied())
        .file(SimulatedFile.output("out"))
        .slot(s -> s.project(name + ".example_p"))
        .through(proxy)
        .prepare();
  }

  /** How many calls an undisturbed job makes. */
  private int calls() throws Exception {
    try (FaultyProxy proxy = proxy("undisturbed")) {
      Job job = job("undisturbed", proxy);
      job.runToCompletion();
      return proxy.requests().size();
    }
  }

  @Test
  void whicheverCallHangsTheJobSurvivesOrIsPutOffAndNothingIsLost() throws Exception {
    int calls = calls();
    assertTrue(calls > 10, "calls of one job: " + calls);
    Semaphore starting = new Semaphore(STARTING_AT_ONCE);
    List<Callable<Optional<String>>> cases = new ArrayList<>();
    for (int call = 1; call <= calls; call++) {
      FaultyProxy proxy = proxy("p" + call);
      proxy.spoil("", call - 1, new Spoil.Delay(Duration.ZERO));
      proxy.spoil("", 1, new Spoil.Mute());
      Stalled stalled = new Stalled(call, proxy, job("call" + call, proxy), starting);
      cases.add(stalled::fault);
    }
    List<String> faults = new ArrayList<>();
    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Optional<String>> fault : all.invokeAll(cases)) {
        fault.get().ifPresent(faults::add);
      }
    }
    assertEquals(List.of(), faults);
  }

  /** One job with one call that hangs. */
  private record Stalled(int call, FaultyProxy proxy, Job job, Semaphore starting) {

    /** What went wrong, if anything did. */
    Optional<String> fault() throws Exception {
      String what = "call %d (not made)".formatted(call);
      try (proxy) {
        what = hang();
        if (what.contains("/archive?")) {
          // A copy may be silent for five minutes, while nobody wants the wrapper to leave.
          job.client().quit();
        }
        Episode episode = job.client().awaitExit(BOUND);
        boolean mayGoOn =
            episode.end() instanceof EpisodeEnd.TemporaryExit
                || episode.end().equals(new EpisodeEnd.Quit(false, 0));
        if (mayGoOn) {
          proxy.heal();
          episode = job.start().client().awaitExit(BOUND);
        }
        Optional<String> verdict = verdict(episode);
        return verdict.isEmpty() ? verdict : Optional.of(what + ": " + verdict.get());
      } catch (TimeoutException e) {
        return Optional.of(what + ": " + e.getMessage());
      }
    }

    /** Returns when the call hangs; fewer calls than in the undisturbed job are no fault. */
    private String hang() throws Exception {
      starting.acquire();
      try {
        job.start();
        Await.until(
            "call " + call,
            BOUND,
            () -> proxy.requests().size() >= call || !job.client().isRunning());
      } finally {
        starting.release();
      }
      return proxy.requests().size() < call
          ? "call %d (not made)".formatted(call)
          : "call %d (%s)".formatted(call, proxy.requests().get(call - 1).line());
    }

    private Optional<String> verdict(Episode episode) throws Exception {
      if (!(episode.end() instanceof EpisodeEnd.Completed)) {
        return Optional.of(episode.end().sentence() + job.stderr());
      }
      return job.output("out").equals("42\n") && job.containers().isEmpty()
          ? Optional.empty()
          : Optional.of(job.output("out") + job.containers());
    }
  }

  @Test
  void anEngineThatNeverAnswersPutsTheJobOff() throws Exception {
    try (FaultyProxy proxy = proxy("mute")) {
      proxy.spoil("", Integer.MAX_VALUE, new Spoil.Mute());
      Job job = job("never", proxy);
      Episode episode = job.run();
      EpisodeEnd.TemporaryExit exit =
          assertInstanceOf(EpisodeEnd.TemporaryExit.class, episode.end(), job.stderr());
      assertTrue(exit.reason().contains("no container engine can be reached"), exit.reason());
      assertTrue(exit.reason().contains(proxy.endpoint().toString()), exit.reason());
      assertTrue(episode.elapsed().toSeconds() < 45, episode.elapsed().toString());
      assertTrue(job.containers().isEmpty());
      proxy.heal();
      job.runToCompletion();
    }
  }

  @Test
  void anEngineThatHangsDoesNotKeepTheWrapperFromQuitting() throws Exception {
    try (FaultyProxy proxy = proxy("quit")) {
      proxy.spoil("containers/json", Integer.MAX_VALUE, new Spoil.Mute());
      Job job = job("quits", proxy).start();
      Await.until("the question", Job.PATIENCE, () -> proxy.count("containers/json") > 0);
      job.client().quit();
      Episode episode = job.end();
      assertEquals(new EpisodeEnd.Quit(false, 0), episode.end());
      proxy.heal();
      job.runToCompletion();
    }
  }
}
