package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/**
 * Kills the wrapper at its n-th request to the engine, for every n that a short job needs, once
 * before the engine gets the request and once when it has done it but the wrapper does not know.
 * The next episode finishes the job, whose payload comes to its end once and no more.
 */
final class KillAnywhereIT extends JobTest {
  /** More requests than any of these jobs needs. */
  private static final int FAR_TOO_MANY = 100;

  /** Where the wrapper dies. */
  private enum Moment {
    BEFORE_THE_ENGINE_ACTS,
    BEFORE_THE_ANSWER_COMES
  }

  /** How a job is laid out. */
  @FunctionalInterface
  private interface Layout {
    Job.Builder of(String name);
  }

  @Test
  void aJobInCopyModeThatIsKilledBeforeTheEngineActs() throws Exception {
    killEverywhere(Moment.BEFORE_THE_ENGINE_ACTS, this::inCopyMode);
  }

  @Test
  void aJobInCopyModeThatIsKilledBeforeTheAnswerComes() throws Exception {
    killEverywhere(Moment.BEFORE_THE_ANSWER_COMES, this::inCopyMode);
  }

  @Test
  void aMountedJobThatIsKilledBeforeTheEngineActs() throws Exception {
    killEverywhere(Moment.BEFORE_THE_ENGINE_ACTS, this::mounted);
  }

  @Test
  void aMountedJobThatIsKilledBeforeTheAnswerComes() throws Exception {
    killEverywhere(Moment.BEFORE_THE_ANSWER_COMES, this::mounted);
  }

  @Test
  void aBuildingJobThatIsKilledBeforeTheEngineActs() throws Exception {
    killEverywhere(Moment.BEFORE_THE_ENGINE_ACTS, this::building);
  }

  @Test
  void aBuildingJobThatIsKilledBeforeTheAnswerComes() throws Exception {
    killEverywhere(Moment.BEFORE_THE_ANSWER_COMES, this::building);
  }

  @Test
  void aJobThatIsKilledAgainAndAgain() throws Exception {
    for (Layout layout : List.<Layout>of(this::inCopyMode, this::mounted, this::building)) {
      try (Trial trial = new Trial(layout, "again")) {
        for (int n : List.of(4, 9, 2, 12, 7, 15, 5)) {
          trial.kill(n, Moment.values()[n % 2]);
        }
        trial.finish("killed again and again");
      }
    }
  }

  private Job.Builder inCopyMode(String name) {
    return jobs.copying(name, "echo ran >>/work/out");
  }

  private Job.Builder mounted(String name) {
    return jobs.mounted(name, "cat in >>out; echo ran >>out")
        .file(SimulatedFile.input("in", "").copied())
        .file(SimulatedFile.output("out"));
  }

  private Job.Builder building(String name) {
    return jobs.building(
            name, "FROM busybox:stable\nRUN echo %s\n".formatted(name), "echo ran >>out")
        .file(SimulatedFile.output("out").copied());
  }

  private void killEverywhere(Moment moment, Layout layout) throws Exception {
    for (int n = 1; n < FAR_TOO_MANY; n++) {
      try (Trial trial = new Trial(layout, "kill" + n)) {
        trial.kill(n, moment);
        boolean undisturbed = trial.job.isOver();
        trial.finish("%s %d".formatted(moment, n));
        if (undisturbed) {
          assertTrue(n > 10, "no job needs as few requests as " + n);
          return;
        }
      }
    }
    throw new AssertionError("the job never came to its end without a kill");
  }

  /** One job with a proxy of its own. */
  private final class Trial implements AutoCloseable {
    private final FaultyProxy proxy;
    private final Job job;
    private final EngineEvents events;

    Trial(Layout layout, String name) throws Exception {
      proxy = new FaultyProxy(Files.createTempDirectory(data, "p"), jobs.engine().socket());
      job = layout.of(name).through(proxy).prepare();
      events = new EngineEvents(jobs.engine().socket(), job.slot().directory().toRealPath());
    }

    /** Kills the next episode at its n-th request, unless it ends by itself before. */
    void kill(int n, Moment moment) throws Exception {
      if (job.isOver()) {
        return;
      }
      int before = proxy.requests().size();
      int last = before + n;
      proxy.spoil(".*", n - 1, new FaultyProxy.Spoil.Delay(Duration.ZERO));
      if (moment == Moment.BEFORE_THE_ANSWER_COMES) {
        proxy.spoil(".*", 1, new FaultyProxy.Spoil.Cut(0));
        last++;
      }
      int deadly = last;
      proxy.spoil(".*", FAR_TOO_MANY, new FaultyProxy.Spoil.Mute());
      job.start();
      Await.until(
          "request %d, or the end".formatted(n),
          Job.PATIENCE,
          () -> proxy.requests().size() >= deadly || !job.client().isRunning());
      if (job.client().isRunning()) {
        job.client().kill9();
      }
      job.end();
      proxy.heal();
    }

    /** The next episode must finish the job, and nobody must have finished it before. */
    void finish(String about) throws Exception {
      Episode episode = job.isOver() ? job.client().episodes().getLast() : job.run();
      String happened = about + " " + events.all() + " " + job.stderr();
      assertInstanceOf(EpisodeEnd.Completed.class, episode.end(), happened);
      assertEquals("ran\n", job.output("out"), happened);
      assertEquals(List.of(), job.removeLeftOvers(), happened);
      Await.until("the end is told", Job.PATIENCE, () -> events.count("destroy") > 0);
      assertEquals(1, events.count("die 0"), happened);
    }

    @Override
    public void close() throws IOException {
      events.close();
      proxy.close();
    }
  }
}
