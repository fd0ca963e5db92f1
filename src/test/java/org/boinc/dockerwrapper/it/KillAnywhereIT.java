package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/**
 * Kills the wrapper when it has sent its n-th request to the engine, for every n that a short job
 * needs: the next episode finishes the job, whose payload comes to its end once and no more.
 */
final class KillAnywhereIT extends JobTest {
  /** More requests than any of these jobs needs. */
  private static final int FAR_TOO_MANY = 200;

  @Test
  void aJobInCopyMode() throws Exception {
    killEverywhere((name, proxy) -> jobs.copying(name, "echo ran >>/work/out").through(proxy));
  }

  @Test
  void aJobWithItsSlotMounted() throws Exception {
    killEverywhere(
        (name, proxy) ->
            jobs.mounted(name, "cat in >>out; echo ran >>out")
                .file(SimulatedFile.input("in", "").copied())
                .file(SimulatedFile.output("out"))
                .through(proxy));
  }

  @Test
  void aJobThatBuildsItsImage() throws Exception {
    killEverywhere(
        (name, proxy) ->
            jobs.building(
                    name, "FROM busybox:stable\nRUN echo %s\n".formatted(name), "echo ran >>out")
                .file(SimulatedFile.output("out").copied())
                .through(proxy));
  }

  /** How a job is laid out. */
  @FunctionalInterface
  private interface Layout {
    Job.Builder of(String name, FaultyProxy proxy);
  }

  private void killEverywhere(Layout layout) throws Exception {
    for (int n = 1; n < FAR_TOO_MANY; n++) {
      Path place = Files.createDirectory(data.resolve("p" + n));
      try (FaultyProxy proxy = new FaultyProxy(place, jobs.engine().socket())) {
        Job job = layout.of("kill" + n, proxy).prepare();
        if (!killedAt(n, job, proxy)) {
          assertTrue(n > 5, "so many requests are the least: " + n);
          return;
        }
      }
    }
    throw new AssertionError("the job never came to its end without a kill");
  }

  /** Whether the job was still running when it had sent so many requests. */
  private boolean killedAt(int n, Job job, FaultyProxy proxy) throws Exception {
    try (EngineEvents events =
        new EngineEvents(jobs.engine().socket(), job.slot().directory().toRealPath())) {
      job.start();
      Await.until(
          "request %d, or the end".formatted(n),
          Job.PATIENCE,
          () -> proxy.requests().size() >= n || !job.client().isRunning());
      boolean kill = job.client().isRunning();
      if (kill) {
        job.client().kill9();
      }
      Episode episode = job.end();
      boolean killed = episode.end() instanceof EpisodeEnd.Killed;
      while (episode.end().restarts()) {
        episode = job.run();
      }
      String about = "killed at request %d, %s".formatted(n, events.all());
      assertInstanceOf(EpisodeEnd.Completed.class, episode.end(), about);
      assertEquals("ran\n", job.output("out"), about);
      assertEquals(List.of(), job.removeLeftOvers(), about);
      Await.until(
          "the engine's last word", Duration.ofSeconds(5), () -> events.count("destroy") >= 1);
      assertEquals(1, events.count("die 0"), about);
      return killed;
    }
  }
}
