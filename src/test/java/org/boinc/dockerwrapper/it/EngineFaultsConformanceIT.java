package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/** The engine is away, slow, or breaks connections. */
final class EngineFaultsConformanceIT extends JobTest {

  private Job.Builder withoutEngine(String name) {
    return jobs.mounted(name, "exit 0")
        .environment("DOCKER_HOST", "unix://" + data.resolve("nowhere.sock"));
  }

  @Test
  void c36WithoutAnEngineItWaitsForABetterTime() throws Exception {
    Job job = withoutEngine("c36").prepare();
    EpisodeEnd end = job.run().end();
    EpisodeEnd.TemporaryExit exit =
        assertInstanceOf(EpisodeEnd.TemporaryExit.class, end, end.sentence());
    assertTrue(exit.reason().contains("nowhere.sock"), exit.reason());
    assertFalse(Files.exists(job.file(FinishFile.NAME)));
  }

  @Test
  void c77ALastingFaultMakesTheDelaysGrow() throws Exception {
    Job job = withoutEngine("c77").prepare();
    List<Integer> delays = new ArrayList<>();
    for (int launch = 0; launch < 10; launch++) {
      EpisodeEnd end = job.run().end();
      delays.add(
          assertInstanceOf(EpisodeEnd.TemporaryExit.class, end, end.sentence()).delaySeconds());
    }
    List<Integer> sorted = delays.stream().sorted().toList();
    assertEquals(sorted, delays);
    assertTrue(delays.getFirst() < delays.get(3), "they grow: " + delays);
    assertTrue(delays.getLast() <= 86_400, "no longer than a day: " + delays);
  }

  @Test
  void c37TheEngineIsAwayForAMinute() throws Exception {
    Path place = Files.createDirectory(data.resolve("p"));
    FaultyProxy before = new FaultyProxy(place, jobs.engine().socket());
    Job job = jobs.mounted("c37", UNTIL_GO + "echo ran >>runs").through(before).start();
    String id = job.await(ContainerState.RUNNING).id();
    job.awaitReport("anything", status -> true);
    before.close();
    Await.throughout("running", Duration.ofSeconds(60), job.client()::isRunning);
    try (FaultyProxy after = new FaultyProxy(place, jobs.engine().socket())) {
      Await.until("it watches again", Job.PATIENCE, () -> after.count("/wait") > 0);
      assertEquals(id, job.container().id());
      job.go();
      job.endOfJob();
    }
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  @Test
  void aSuspendWhileTheEngineIsAwayIsDoneWhenItIsBack() throws Exception {
    Path place = Files.createDirectory(data.resolve("p"));
    FaultyProxy before = new FaultyProxy(place, jobs.engine().socket());
    Job job = jobs.mounted("awaysuspend", UNTIL_GO).through(before).start();
    job.await(ContainerState.RUNNING);
    job.awaitReport("anything", status -> true);
    before.close();
    job.client().suspend();
    Thread.sleep(Duration.ofSeconds(3));
    try (FaultyProxy after = new FaultyProxy(place, jobs.engine().socket())) {
      job.await(ContainerState.PAUSED);
      job.client().resume();
      job.await(ContainerState.RUNNING);
      job.go();
      job.endOfJob();
      assertTrue(after.count("/pause") >= 1);
    }
  }

  @Test
  void quitAndAbortDoNotWaitForAnEngineThatIsAway() throws Exception {
    Path place = Files.createDirectory(data.resolve("p"));
    FaultyProxy proxy = new FaultyProxy(place, jobs.engine().socket());
    Job job = jobs.mounted("awayquit", ENDLESS).through(proxy).start();
    job.await(ContainerState.RUNNING);
    job.awaitReport("anything", status -> true);
    proxy.close();
    job.client().quit();
    assertEquals(
        new EpisodeEnd.Quit(false, 0), job.client().awaitExit(Duration.ofSeconds(15)).end());
  }

  @Test
  void quitDoesNotWaitForAnEngineThatIsSilent() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    Job job = jobs.mounted("silentquit", ENDLESS).through(proxy).start();
    job.await(ContainerState.RUNNING);
    job.awaitReport("anything", status -> true);
    proxy.spoil(".*", 1000, new FaultyProxy.Spoil.Mute());
    job.client().quit();
    assertEquals(
        new EpisodeEnd.Quit(false, 0), job.client().awaitExit(Duration.ofSeconds(15)).end());
  }

  @Test
  void abortDoesNotWaitForeverForAnEngineThatIsSilent() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    Job job = jobs.mounted("silentabort", ENDLESS).through(proxy).start();
    job.await(ContainerState.RUNNING);
    job.awaitReport("anything", status -> true);
    proxy.spoil(".*", 1000, new FaultyProxy.Spoil.Mute());
    job.client().abort();
    Episode episode = job.client().awaitExit(Duration.ofSeconds(40));
    assertEquals(new EpisodeEnd.Aborted(false, episode.status()), episode.end());
    // Nobody can remove what the engine does not let us reach.
    job.removeLeftOvers();
  }

  @Test
  void allConnectionsBreakWhileTheJobRuns() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    Job job = jobs.mounted("cut", UNTIL_GO + "echo ran >>runs").through(proxy).start();
    String id = job.await(ContainerState.RUNNING).id();
    for (int i = 0; i < 3; i++) {
      long waits = proxy.count("/wait");
      proxy.cutAll();
      Await.until("it watches again", Job.PATIENCE, () -> proxy.count("/wait") > waits);
    }
    assertEquals(id, job.container().id());
    job.go();
    job.endOfJob();
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  @Test
  void theAnswerToEachRequestIsCutOffOnce() throws Exception {
    for (String request :
        List.of(
            "POST .*/containers/create",
            "PUT .*/archive",
            "POST .*/start",
            "POST .*/wait",
            "GET .*/archive",
            "GET .*/logs",
            "DELETE .*/containers/")) {
      for (FaultyProxy.Spoil spoil :
          List.of(new FaultyProxy.Spoil.Cut(20), new FaultyProxy.Spoil.Answer(500, "spoiled"))) {
        FaultyProxy proxy =
            new FaultyProxy(Files.createTempDirectory(data, "p"), jobs.engine().socket());
        try (proxy) {
          proxy.spoil(request, 1, spoil);
          Job job = jobs.copying("cutonce", "echo ran >>/work/out").through(proxy).start();
          Episode episode = job.end();
          while (episode.end() instanceof EpisodeEnd.TemporaryExit) {
            episode = job.run();
          }
          assertInstanceOf(
              EpisodeEnd.Completed.class, episode.end(), request + " " + spoil + job.stderr());
          assertEquals("ran\n", job.output("out"), request + " " + spoil);
          assertEquals(List.of(), job.removeLeftOvers(), request + " " + spoil);
        }
      }
    }
  }

  @Test
  void quitDuringTheCopyOfALargeFile() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    proxy.spoil("PUT .*/archive", 1, new FaultyProxy.Spoil.Mute());
    Job job = largeCopy("quitcopy", proxy).start();
    Await.until("it copies", Job.PATIENCE, () -> proxy.count("PUT .*/archive") == 1);
    job.client().quit();
    assertEquals(
        new EpisodeEnd.Quit(false, 0), job.client().awaitExit(Duration.ofSeconds(12)).end());
    proxy.heal();
    job.runToCompletion();
    assertEquals(Long.toString(LARGE) + "\n", job.output("out"));
  }

  @Test
  void killedDuringTheCopyOfALargeFile() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    proxy.spoil("PUT .*/archive", 1, new FaultyProxy.Spoil.Mute());
    Job job = largeCopy("killcopy", proxy).start();
    Await.until("it copies", Job.PATIENCE, () -> proxy.count("PUT .*/archive") == 1);
    job.client().kill9();
    job.end();
    proxy.heal();
    job.runToCompletion();
    assertEquals(Long.toString(LARGE) + "\n", job.output("out"));
  }

  @Test
  void abortDuringTheCopyOfALargeFile() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    proxy.spoil("PUT .*/archive", 1, new FaultyProxy.Spoil.Mute());
    Job job = largeCopy("abortcopy", proxy).start();
    Await.until("it copies", Job.PATIENCE, () -> proxy.count("PUT .*/archive") == 1);
    job.client().abort();
    assertInstanceOf(
        EpisodeEnd.Aborted.class, job.client().awaitExit(Duration.ofSeconds(30)).end());
  }

  private static final long LARGE = 60L << 20;

  private Job.Builder largeCopy(String name, FaultyProxy proxy) {
    return jobs.job(name)
        .toml(
            """
            schema = 1
            [image]
            name = "%s"
            pull = "never"
            [container]
            command = ["sh", "-c", "wc -c </work/large >/work/out"]
            workdir = "/work"
            [files]
            slot = ""
            in = [{ src = "large", dst = "/work/large" }]
            out = [{ src = "/work/out", dst = "out" }]
            """
                .formatted(TestEngine.IMAGE))
        .file(SimulatedFile.input("large", EngineFaultsConformanceIT::large))
        .file(SimulatedFile.output("out"))
        .through(proxy);
  }

  private static void large(Path file) throws IOException {
    byte[] mebibyte = new byte[1 << 20];
    try (var stream = Files.newOutputStream(file)) {
      for (long written = 0; written < LARGE; written += mebibyte.length) {
        stream.write(mebibyte);
      }
    }
  }
}
