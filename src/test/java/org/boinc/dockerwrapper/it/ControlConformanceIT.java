package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.boinc.dockerwrapper.boinc.Channel;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.junit.jupiter.api.Test;

/** The client's requests while a container runs. */
final class ControlConformanceIT extends JobTest {
  private static final Duration HEARD = Duration.ofMillis(200);
  private static final Duration DONE = Duration.ofSeconds(2);

  /** The client looks so seldom that the test alone writes to the mailboxes. */
  private static final Duration NEVER = Duration.ofHours(1);

  @Test
  void c1TheSharedMemoryIsReadAtOnce() throws Exception {
    Job job = jobs.mounted("c1", UNTIL_GO).polling(NEVER).start();
    job.awaitWatched();
    Channel heartbeats = job.mailbox(Channel.Name.HEARTBEAT);
    for (int i = 0; i < 10; i++) {
      Await.until("the mailbox is empty", DONE, () -> !heartbeats.isFull());
      assertTrue(heartbeats.send("<heartbeat/>"));
      Await.until("the heartbeat is read", HEARD, () -> !heartbeats.isFull());
    }
    job.go();
    job.endOfJob();
  }

  @Test
  void c9SuspendPauses() throws Exception {
    Job job = jobs.mounted("c9", UNTIL_GO).polling(NEVER).start();
    job.awaitWatched();
    Channel control = job.mailbox(Channel.Name.PROCESS_CONTROL_REQUEST);
    assertTrue(control.send("<suspend/>"));
    Await.until("the request is read", HEARD, () -> !control.isFull());
    job.await(ContainerState.PAUSED, DONE);
    assertTrue(control.send("<resume/>"));
    job.await(ContainerState.RUNNING, DONE);
    job.go();
    job.endOfJob();
  }

  @Test
  void c10ResumeGoesOn() throws Exception {
    Job job = jobs.mounted("c10", UNTIL_GO).start();
    job.awaitWatched();
    job.client().suspend();
    String id = job.await(ContainerState.PAUSED).id();
    job.client().resume();
    assertEquals(id, job.await(ContainerState.RUNNING, DONE).id());
    job.go();
    job.endOfJob();
  }

  @Test
  void c11QuickRequestsEndInTheLastOne() throws Exception {
    Job job = jobs.mounted("c11", UNTIL_GO).polling(NEVER).start();
    job.awaitWatched();
    Channel control = job.mailbox(Channel.Name.PROCESS_CONTROL_REQUEST);
    for (String request : List.of("<suspend/>", "<resume/>", "<suspend/>")) {
      assertTrue(control.send(request), "the last request was read in time");
      Thread.sleep(HEARD);
    }
    job.await(ContainerState.PAUSED, DONE);
    Await.throughout(
        "paused", Duration.ofSeconds(2), () -> job.container().state() == ContainerState.PAUSED);
    assertFalse(job.stderr().contains("failed"), "no operation failed");
    assertTrue(control.send("<resume/>"));
    job.await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
  }

  @Test
  void aThrottledJobComesToItsEnd() throws Exception {
    Job job =
        jobs.mounted("throttle", "for i in 1 2 3 4 5 6 7 8; do sleep 0.5; done; echo ok >out")
            .start();
    job.await(ContainerState.RUNNING);
    for (int i = 0; i < 8 && job.client().isRunning(); i++) {
      job.client().suspend();
      Thread.sleep(Duration.ofMillis(500));
      job.client().resume();
      Thread.sleep(Duration.ofMillis(500));
    }
    job.endOfJob();
  }

  @Test
  void c12QuitKeepsTheContainer() throws Exception {
    Job job = jobs.mounted("c12", UNTIL_GO).start();
    String id = job.await(ContainerState.RUNNING).id();
    assertLeftWithin(10, job, job.client()::quit);
    assertEquals(ContainerState.PAUSED, job.container().state());
    assertEquals(id, job.container().id());
    // The lock is free again: the next episode does not wait for it.
    job.start().await(ContainerState.RUNNING, Duration.ofSeconds(20));
    job.go();
    job.endOfJob();
  }

  @Test
  void c13ASuspendedJobQuits() throws Exception {
    Job job = jobs.mounted("c13", UNTIL_GO).start();
    job.await(ContainerState.RUNNING);
    job.client().suspend();
    job.await(ContainerState.PAUSED);
    assertLeftWithin(10, job, job.client()::quit);
    assertEquals(ContainerState.PAUSED, job.container().state());
    job.start().await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
  }

  private static void assertLeftWithin(int seconds, Job job, Runnable request) throws Exception {
    long start = System.nanoTime();
    request.run();
    Episode episode = job.end();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertEquals(0, episode.status(), episode.end().sentence());
    assertTrue(episode.end().restarts(), episode.end().sentence());
    assertTrue(took.toSeconds() < seconds, "took " + took);
    assertFalse(Files.exists(job.file(FinishFile.NAME)), "no finish file after a quit");
  }

  @Test
  void c14AbortLeavesNothing() throws Exception {
    Job job = jobs.building("c14", "FROM busybox:stable\nRUN echo built\n", ENDLESS).start();
    job.await(ContainerState.RUNNING);
    assertTrue(job.workunitImage().isPresent(), "the job has an image of its own");
    job.client().abort();
    Episode episode = job.client().awaitExit(Duration.ofSeconds(30));
    assertInstanceOf(EpisodeEnd.Aborted.class, episode.end());
    assertEquals(List.of(), job.containers());
    assertTrue(job.workunitImage().isEmpty(), "the image is gone with the job");
  }

  @Test
  void aSuspendedJobIsAborted() throws Exception {
    Job job = jobs.mounted("abortpaused", ENDLESS).start();
    job.await(ContainerState.RUNNING);
    job.client().suspend();
    job.await(ContainerState.PAUSED);
    job.client().abort();
    assertInstanceOf(
        EpisodeEnd.Aborted.class, job.client().awaitExit(Duration.ofSeconds(30)).end());
    assertEquals(List.of(), job.containers());
  }

  @Test
  void c17BothRequestsOfACompositeTextAreHonoured() throws Exception {
    Job job = jobs.mounted("c17", UNTIL_GO).polling(NEVER).start();
    job.awaitWatched();
    Channel control = job.mailbox(Channel.Name.PROCESS_CONTROL_REQUEST);
    job.slot()
        .initData()
        .set("proxy_info", "<use_http_proxy/><http_server_name>other</http_server_name>");
    job.slot().rewriteInitData();
    assertTrue(control.send("<suspend/><reread_app_info/>"));
    job.await(ContainerState.PAUSED, DONE);
    job.awaitStderr("proxy settings changed");
    assertTrue(control.send("<resume/>"));
    job.await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
  }

  @Test
  void c18AnUnknownRequestIsTakenAndIgnored() throws Exception {
    Job job = jobs.mounted("c18", UNTIL_GO).polling(NEVER).start();
    job.await(ContainerState.RUNNING);
    Channel control = job.mailbox(Channel.Name.PROCESS_CONTROL_REQUEST);
    assertTrue(control.send("<network_available/>"));
    Await.until("the request is read", HEARD, () -> !control.isFull());
    Await.throughout(
        "running",
        Duration.ofSeconds(2),
        () -> job.container().state() == ContainerState.RUNNING && job.client().isRunning());
    job.go();
    job.endOfJob();
  }

  @Test
  void c58AHalfWrittenInitDataDoesNotStopTheJob() throws Exception {
    Job job = jobs.mounted("c58", UNTIL_GO).polling(NEVER).start();
    job.await(ContainerState.RUNNING);
    String whole = Files.readString(job.file(InitData.FILE));
    Files.writeString(job.file(InitData.FILE), whole.substring(0, whole.length() / 2));
    Channel control = job.mailbox(Channel.Name.PROCESS_CONTROL_REQUEST);
    assertTrue(control.send("<reread_app_info/>"));
    Thread.sleep(Duration.ofMillis(300));
    Files.writeString(job.file(InitData.FILE), whole);
    Await.throughout("running", Duration.ofSeconds(2), job.client()::isRunning);
    assertFalse(job.stderr().contains("can't be read again"), "the whole file was read in the end");
    Files.delete(job.file(InitData.FILE));
    assertTrue(control.send("<reread_app_info/>"));
    Await.throughout("running", Duration.ofSeconds(2), job.client()::isRunning);
    job.go();
    job.endOfJob();
  }

  @Test
  void c61TermEqualsQuit() throws Exception {
    endsBySignal("TERM");
  }

  @Test
  void c61HangupAndInterruptEqualQuit() throws Exception {
    endsBySignal("HUP");
    endsBySignal("INT");
  }

  private void endsBySignal(String signal) throws Exception {
    Job job = jobs.mounted("c61" + signal, UNTIL_GO).start();
    job.await(ContainerState.RUNNING);
    assertLeftWithin(10, job, () -> send(job, signal));
    assertEquals(ContainerState.PAUSED, job.container().state());
    job.start().await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
  }

  private static void send(Job job, String signal) {
    try {
      job.signal(signal);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void c78AResultThatComesWithTheQuitIsToldNextTime() throws Exception {
    for (boolean quitFirst : List.of(true, false)) {
      Job job = jobs.mounted("c78" + quitFirst, UNTIL_GO + "echo ran >>runs").start();
      job.await(ContainerState.RUNNING);
      if (quitFirst) {
        job.client().quit();
        job.go();
      } else {
        job.go();
        job.client().quit();
      }
      Episode episode = job.end();
      assertInstanceOf(EpisodeEnd.Quit.class, episode.end());
      assertEquals(0, episode.status());
      assertFalse(Files.exists(job.file(FinishFile.NAME)), "no finish file after a quit");
      job.runToCompletion();
      assertEquals("ran\n", Files.readString(job.file("runs")));
    }
  }
}
