package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.it.FaultyProxy.Spoil;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An engine that takes a request and never answers it. */
@Execution(ExecutionMode.CONCURRENT)
final class HangingEngineIT {
  /** A call's patience is 30 s, a start's 60 s; a busy machine needs its time besides. */
  private static final Duration BOUND = Duration.ofMinutes(4);

  private static final int AT_ONCE = 12;

  /** Hides the usual socket, so that the wrapper has no engine but the one behind the proxy. */
  private static final List<String> WITHOUT_OTHER_ENGINE =
      List.of(
          "unshare",
          "--mount",
          "sh",
          "-c",
          "mount --bind /dev/null /run/docker.sock && exec \"$0\" \"$@\"");

  @TempDir Path data;
  @RegisterExtension final Jobs jobs = new Jobs(() -> data);

  private record Stalled(int call, FaultyProxy proxy, Job job) {}

  private FaultyProxy proxy(String name) throws IOException {
    return new FaultyProxy(Files.createDirectory(data.resolve(name)), jobs.engine().socket());
  }

  private Job job(String name, FaultyProxy proxy) throws IOException {
    return jobs.copying(name, "sleep 2; echo 42 >/work/out")
        .file(SimulatedFile.input("in", "x").copied())
        .slot(s -> s.project(name + ".example_p"))
        .under(WITHOUT_OTHER_ENGINE)
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
    List<String> faults = new ArrayList<>();
    for (int first = 1; first <= calls; first += AT_ONCE) {
      List<Stalled> wave = new ArrayList<>();
      for (int call = first; call < first + AT_ONCE && call <= calls; call++) {
        FaultyProxy proxy = proxy("p" + call);
        proxy.spoil("", call - 1, new Spoil.Delay(Duration.ZERO));
        proxy.spoil("", 1, new Spoil.Mute());
        Job job = job("call" + call, proxy);
        job.start();
        wave.add(new Stalled(call, proxy, job));
      }
      for (Stalled stalled : wave) {
        judge(stalled).ifPresent(faults::add);
        stalled.proxy().close();
      }
    }
    assertEquals(List.of(), faults);
  }

  private static java.util.Optional<String> judge(Stalled stalled) throws Exception {
    Job job = stalled.job();
    String what = "call %d (not made)".formatted(stalled.call());
    try {
      // Fewer calls than in the undisturbed job are no fault.
      Await.until(
          what,
          BOUND,
          () -> stalled.proxy().requests().size() >= stalled.call() || !job.client().isRunning());
      if (stalled.proxy().requests().size() >= stalled.call()) {
        what =
            "call %d (%s)"
                .formatted(
                    stalled.call(), stalled.proxy().requests().get(stalled.call() - 1).line());
      }
      if (what.contains("/archive?")) {
        // A copy may be silent for five minutes, for as long as nobody wants the wrapper to leave.
        job.client().quit();
      }
      Episode episode = job.client().awaitExit(BOUND);
      boolean mayGoOn =
          episode.end() instanceof EpisodeEnd.TemporaryExit
              || episode.end().equals(new EpisodeEnd.Quit(false, 0));
      if (mayGoOn) {
        stalled.proxy().heal();
        episode = job.start().client().awaitExit(BOUND);
      }
      if (!(episode.end() instanceof EpisodeEnd.Completed)) {
        return java.util.Optional.of(what + ": " + episode.end().sentence() + job.stderr());
      }
      if (!job.output("out").equals("42\n") || !job.containers().isEmpty()) {
        return java.util.Optional.of(what + ": " + job.output("out") + job.containers());
      }
      return java.util.Optional.empty();
    } catch (java.util.concurrent.TimeoutException e) {
      return java.util.Optional.of(what + ": " + e.getMessage());
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
