package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.junit.jupiter.api.Test;

/**
 * Requests while there is no container yet: the image is built, waits for the network, or hangs.
 */
final class ImageConformanceIT extends JobTest {
  private static final String QUICK = "FROM busybox:stable\nRUN echo built >/built\n";
  private static final String BUILD = "POST .*/build";
  private static final AtomicInteger MARKS = new AtomicInteger(40_000);

  /** A length of sleep that no other test has, to find the process by. */
  private final int mark = MARKS.incrementAndGet();

  private String hanging() {
    return "FROM busybox:stable\nRUN sleep %d\n".formatted(mark);
  }

  private boolean builds() {
    return ProcessHandle.allProcesses()
        .anyMatch(
            process ->
                process
                    .info()
                    .commandLine()
                    .filter(line -> line.endsWith(" " + mark)) // the program is shown as busybox
                    .isPresent());
  }

  private Job startHanging(Job.Builder builder) throws Exception {
    Job job = builder.start();
    Await.until("the build runs", Job.PATIENCE, this::builds);
    return job;
  }

  private void assertNothingBuilds() throws Exception {
    Await.until("no build process is left", Duration.ofSeconds(5), () -> !builds());
  }

  @Test
  void c15QuitEndsAHangingBuild() throws Exception {
    Job job = startHanging(jobs.building("c15", hanging(), "exit 0"));
    job.client().quit();
    Episode episode = job.client().awaitExit(Duration.ofSeconds(10));
    assertEquals(new EpisodeEnd.Quit(false, 0), episode.end());
    assertNothingBuilds();
  }

  @Test
  void c16AbortEndsAHangingBuild() throws Exception {
    Job job = startHanging(jobs.building("c16", hanging(), "exit 0"));
    job.client().abort();
    Episode episode = job.client().awaitExit(Duration.ofSeconds(30));
    assertInstanceOf(EpisodeEnd.Aborted.class, episode.end());
    assertNothingBuilds();
    assertEquals(List.of(), job.containers());
  }

  @Test
  void c61TermEndsAHangingBuild() throws Exception {
    Job job = startHanging(jobs.building("c61build", hanging(), "exit 0"));
    job.signal("TERM");
    Episode episode = job.client().awaitExit(Duration.ofSeconds(10));
    assertEquals(0, episode.status());
    assertFalse(Files.exists(job.file(FinishFile.NAME)));
    assertNothingBuilds();
  }

  @Test
  void c20ABuildEndsWhenTheClientDies() throws Exception {
    Job job = startHanging(jobs.building("c20build", hanging(), "exit 0").mortalClient());
    job.client().clientDeath();
    Episode episode = job.client().awaitExit(Duration.ofSeconds(25));
    assertEquals(0, episode.status());
    assertNothingBuilds();
  }

  @Test
  void aKilledWrapperLeavesNoBuild() throws Exception {
    Job job = startHanging(jobs.building("killbuild", hanging(), "exit 0"));
    job.client().kill9();
    job.end();
    assertNothingBuilds();
  }

  @Test
  void aShortSuspendDoesNotDisturbABuild() throws Exception {
    Job job =
        jobs.building("shortsuspend", "FROM busybox:stable\nRUN sleep 6; echo built\n", "exit 0")
            .start();
    job.awaitStderr("building image");
    job.client().suspend();
    Thread.sleep(Duration.ofSeconds(3));
    job.client().resume();
    job.endOfJob();
    assertEquals(1, job.stderr().split("building image", -1).length - 1, "it was built once");
  }

  @Test
  void aLongSuspendEndsABuildUntilTheJobMayGoOn() throws Exception {
    Job job = startHanging(jobs.building("longsuspend", hanging(), "exit 0"));
    job.client().suspend();
    Await.until("the build ends", Duration.ofSeconds(20), () -> !builds());
    job.client().resume();
    Await.until("the build runs again", Duration.ofSeconds(20), this::builds);
    job.client().quit();
    assertEquals(new EpisodeEnd.Quit(false, 0), job.end().end());
    assertNothingBuilds();
  }

  @Test
  void aJobSuspendedBeforeItsStartDoesNotStart() throws Exception {
    Job job = jobs.building("earlysuspend", QUICK, UNTIL_GO).prepare();
    job.start();
    job.client().suspend();
    job.await(ContainerState.CREATED);
    Await.throughout(
        "created", Duration.ofSeconds(3), () -> job.container().state() == ContainerState.CREATED);
    job.client().resume();
    job.await(ContainerState.RUNNING, Duration.ofSeconds(5));
    job.go();
    job.endOfJob();
  }

  @Test
  void aJobThatWaitsToStartQuitsAndStartsNextTime() throws Exception {
    Job job = jobs.mounted("earlyquit", UNTIL_GO).prepare();
    job.start();
    job.client().suspend();
    String id = job.await(ContainerState.CREATED).id();
    job.client().quit();
    assertEquals(
        new EpisodeEnd.Quit(false, 0), job.client().awaitExit(Duration.ofSeconds(10)).end());
    job.start();
    assertEquals(id, job.await(ContainerState.RUNNING).id());
    job.go();
    job.endOfJob();
  }

  @Test
  void c22AnImageWaitsForTheNetworkAndSaysSo() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    Job job = jobs.building("c22", QUICK, "exit 0").through(proxy).prepare();
    job.client().networkOff();
    job.start();
    job.awaitReport("want_network", status -> status.wantNetwork());
    Await.throughout("no build", Duration.ofSeconds(2), () -> proxy.count(BUILD) == 0);
    job.client().networkOn();
    // C23
    job.awaitReport("no want_network", status -> !status.wantNetwork());
    job.endOfJob();
    assertEquals(1, proxy.count(BUILD));
  }

  @Test
  void c24BeforeTheFirstHeartbeatNothingIsFetched() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    Job job = jobs.building("c24", QUICK, "exit 0").through(proxy).prepare();
    job.client().heartbeats(false);
    job.start();
    Await.until("the engine is asked", Job.PATIENCE, () -> proxy.count("/images/") > 0);
    Await.throughout("no build", Duration.ofSeconds(4), () -> proxy.count(BUILD) == 0);
    job.client().heartbeats(true);
    job.endOfJob();
    assertEquals(1, proxy.count(BUILD));
  }

  @Test
  void theNetworkIsWithdrawnDuringABuild() throws Exception {
    Job job = startHanging(jobs.building("withdrawn", hanging(), "exit 0"));
    job.client().networkOff();
    Await.until("the build ends", Duration.ofSeconds(10), () -> !builds());
    job.awaitReport("want_network", status -> status.wantNetwork());
    job.client().networkOn();
    Await.until("the build runs again", Duration.ofSeconds(20), this::builds);
    job.client().abort();
    assertInstanceOf(EpisodeEnd.Aborted.class, job.end().end());
    assertNothingBuilds();
  }

  @Test
  void c46ABuildThatPrintsErrorsIsASuccess() throws Exception {
    Job job =
        jobs.building(
                "c46",
                "FROM busybox:stable\nRUN echo Error: unreachable; echo Error >&2\n",
                "exit 0")
            .prepare();
    job.runToCompletion();
  }

  @Test
  void c47TheLastWordsOfAFailedBuildReachTheServer() throws Exception {
    Job job =
        jobs.building("c47", "FROM busybox:stable\nRUN echo the cause of it; exit 5\n", "exit 0")
            .prepare();
    assertEquals(new EpisodeEnd.ComputeError(206), job.run().end());
    assertTrue(job.stderr().contains("the cause of it"));
  }
}
