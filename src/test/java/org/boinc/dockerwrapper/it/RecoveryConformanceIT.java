package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/** What the next episode makes of what it finds. */
final class RecoveryConformanceIT extends JobTest {
  /** Each run that comes to its end leaves a line. */
  private static final String RAN = "echo ran >>runs\n";

  @Test
  void c30AJobThatEndedAfterTheQuitIsFinalisedNotRunAgain() throws Exception {
    Job job = jobs.mounted("c30", UNTIL_GO + RAN).start();
    job.await(ContainerState.RUNNING);
    job.client().quit();
    job.end();
    ContainerSighting paused = job.await(ContainerState.PAUSED);
    job.go();
    jobs.engine().engine().containers().unpause(paused.id());
    job.await(ContainerState.EXITED);
    job.runToCompletion();
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  @Test
  void c30AFailureAfterTheQuitIsToldWithItsStatus() throws Exception {
    Job job = jobs.mounted("c30failed", UNTIL_GO + RAN + "exit 4").start();
    job.await(ContainerState.RUNNING);
    job.client().kill9();
    job.end();
    job.go();
    job.await(ContainerState.EXITED);
    assertEquals(new EpisodeEnd.ComputeError(4), job.run().end());
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  @Test
  void c31AnotherJobsEndIsNotMistakenForOurs() throws Exception {
    Job one = jobs.mounted("c31", UNTIL_GO).prepare();
    String name = one.slot().initData().get("wu_name") + "_1";
    Job first = jobs.mounted("c31a", UNTIL_GO).slot(slot -> slot.names(name, name)).start();
    Job tenth =
        jobs.mounted("c31b", "exit 7").slot(slot -> slot.names(name + "0", name + "0")).start();
    assertEquals(new EpisodeEnd.ComputeError(7), tenth.end().end());
    first.await(ContainerState.RUNNING);
    Await.throughout("running", Duration.ofSeconds(2), first.client()::isRunning);
    first.client().kill9();
    first.end();
    first.start();
    Await.throughout("running", Duration.ofSeconds(4), first.client()::isRunning);
    first.go();
    first.endOfJob();
  }

  @Test
  void c32RunningContainerIsAdoptedAfterKill() throws Exception {
    Job job = jobs.mounted("c32", UNTIL_GO + RAN).start();
    ContainerSighting before = job.await(ContainerState.RUNNING);
    Await.until("it watches", Job.PATIENCE, () -> runs(job, 1));
    job.client().kill9();
    assertInstanceOf(EpisodeEnd.Killed.class, job.end().end());
    job.start();
    Await.until("it watches again", Job.PATIENCE, () -> runs(job, 2));
    ContainerSighting after = job.container();
    assertEquals(before.id(), after.id());
    assertEquals(before.startedAt(), after.startedAt());
    job.go();
    job.endOfJob();
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  /** Whether so many episodes have seen the container run. */
  private static boolean runs(Job job, int episodes) throws Exception {
    return job.stderr().lines().filter(line -> line.endsWith("-> RUNNING")).count() >= episodes;
  }

  @Test
  void c33PausedContainerGoesOnAfterQuit() throws Exception {
    Job job = jobs.mounted("c33", "state=kept\n" + UNTIL_GO + "echo $state >out\n" + RAN).start();
    ContainerSighting before = job.await(ContainerState.RUNNING);
    job.client().quit();
    job.end();
    assertEquals(ContainerState.PAUSED, job.container().state());
    job.start();
    ContainerSighting after = job.await(ContainerState.RUNNING);
    assertEquals(before.id(), after.id());
    assertEquals(before.startedAt(), after.startedAt());
    job.go();
    job.endOfJob();
    assertEquals("kept\n", Files.readString(job.file("out")));
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  @Test
  void c33AKilledWrapperLeavesAPausedContainerPaused() throws Exception {
    Job job = jobs.mounted("c33killed", UNTIL_GO).start();
    job.await(ContainerState.RUNNING);
    job.client().suspend();
    job.await(ContainerState.PAUSED);
    job.client().kill9();
    job.end();
    assertEquals(ContainerState.PAUSED, job.container().state());
    job.start().await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
  }

  @Test
  void c34AfterARebootTheJobStartsAgainFromTheLastCheckpoint() throws Exception {
    Job job =
        jobs.mounted(
                "c34",
                "echo begun >>begins\ni=0; while [ $i -lt 300000 ]; do i=$((i+1)); done\n"
                    + UNTIL_GO)
            .start();
    String id = job.await(ContainerState.RUNNING).id();
    job.awaitReport("some CPU time", status -> status.currentCpuTime() > 0.1);
    job.client().kill9();
    job.end();
    job.reboot();
    job.start();
    assertEquals(id, job.await(ContainerState.RUNNING).id());
    Await.until("it begins again", Job.PATIENCE, () -> begins(job) == 2);
    job.go();
    Episode last = job.endOfJob();
    ReportConformanceIT.assertMonotonicFrom(0, last);
    assertTrue(job.stderr().contains("the host was restarted"), "it says what happened");
  }

  private static int begins(Job job) throws Exception {
    return Files.readAllLines(job.work("begins")).size();
  }

  @Test
  void c34APausedJobSurvivesAReboot() throws Exception {
    Job job = jobs.mounted("c34paused", UNTIL_GO + RAN).start();
    String id = job.await(ContainerState.RUNNING).id();
    job.client().quit();
    job.end();
    job.reboot();
    job.start();
    assertEquals(id, job.await(ContainerState.RUNNING).id());
    job.go();
    job.endOfJob();
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  @Test
  void c35ACreatedContainerIsStartedNotCreatedAnew() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    proxy.spoil("POST .*/start", 1, new FaultyProxy.Spoil.Mute());
    Job job = jobs.copying("c35", "echo ran >>/work/out").through(proxy).start();
    Await.until("it is about to start", Job.PATIENCE, () -> proxy.count("POST .*/start") == 1);
    String id = job.await(ContainerState.CREATED).id();
    job.client().kill9();
    job.end();
    proxy.heal();
    job.runToCompletion();
    assertEquals("ran\n", job.output("out"));
    assertEquals(1, proxy.count("POST .*/containers/create"));
    assertEquals(2, proxy.count("POST .*/containers/" + id + "/start"));
  }

  @Test
  void aContainerKilledWhileNobodyWatchedIsStartedAgain() throws Exception {
    Job job = jobs.mounted("unwatched", UNTIL_GO + RAN).start();
    ContainerSighting before = job.await(ContainerState.RUNNING);
    job.client().kill9();
    job.end();
    jobs.engine().engine().containers().kill(before.id());
    job.await(ContainerState.EXITED);
    job.start();
    ContainerSighting after = job.await(ContainerState.RUNNING);
    assertEquals(before.id(), after.id());
    assertTrue(
        after.startedAt().orElseThrow().isAfter(before.startedAt().orElse(Instant.MAX)),
        "it was started again");
    job.go();
    job.endOfJob();
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  @Test
  void aContainerKilledBeforeOurEyesIsAFailure() throws Exception {
    Job job = jobs.mounted("watched", ENDLESS).start();
    ContainerSighting seen = job.await(ContainerState.RUNNING);
    Await.until("it watches", Job.PATIENCE, () -> runs(job, 1));
    Thread.sleep(Duration.ofSeconds(1));
    jobs.engine().engine().containers().kill(seen.id());
    assertEquals(new EpisodeEnd.ComputeError(193), job.end().end());
    assertTrue(job.stderr().contains("signal 9"));
  }

  @Test
  void aContainerThatAStrangerRemovedIsMadeAnew() throws Exception {
    Job job =
        jobs.mounted("removed", UNTIL_GO + "cat in >out\n" + RAN)
            .file(SimulatedFile.input("in", "42").copied())
            .file(SimulatedFile.output("out"))
            .start();
    String id = job.await(ContainerState.RUNNING).id();
    jobs.engine().engine().containers().remove(id);
    String second =
        Await.value(
            "a second container",
            Job.PATIENCE,
            () ->
                job.containers().stream()
                    .filter(found -> found.state() == ContainerState.RUNNING)
                    .map(ContainerSighting::id)
                    .filter(found -> !found.equals(id))
                    .findFirst());
    assertNotEquals(id, second);
    job.go();
    job.endOfJob();
    assertEquals("42", job.output("out"));
    assertEquals("ran\n", Files.readString(job.file("runs")));
  }

  @Test
  void aContainerThatAStrangerPausedOrStoppedIsDealtWith() throws Exception {
    Job job = jobs.mounted("stranger", UNTIL_GO).start();
    String id = job.awaitWatched().id();
    job.client().suspend();
    job.await(ContainerState.PAUSED);
    jobs.engine().engine().containers().unpause(id);
    job.client().resume();
    Await.until("it runs again", Job.PATIENCE, () -> runs(job, 2));
    job.await(ContainerState.RUNNING);
    jobs.engine().engine().containers().pause(id);
    job.client().suspend();
    job.awaitStderr("RUNNING -> PAUSING");
    Await.throughout(
        "paused", Duration.ofSeconds(2), () -> job.container().state() == ContainerState.PAUSED);
    job.client().resume();
    job.await(ContainerState.RUNNING);
    job.go();
    job.endOfJob();
  }

  @Test
  void aForeignContainerOfTheSlotIsRemovedAndAnotherJobsJournalIgnored() throws Exception {
    Job old = jobs.mounted("former", ENDLESS).start();
    String left = old.await(ContainerState.RUNNING).id();
    old.client().quit();
    old.end();
    String unique = old.slot().initData().get("wu_name") + "next";
    old.slot().initData().set("wu_name", unique);
    old.slot().initData().set("result_name", unique + "_0");
    old.start();
    String fresh =
        Await.value(
            "a container of the new result",
            Job.PATIENCE,
            () ->
                old.containers().stream()
                    .map(ContainerSighting::id)
                    .filter(id -> !id.equals(left))
                    .findFirst());
    Optional<ContainerSighting> former =
        old.containers().stream().filter(found -> !found.id().equals(fresh)).findAny();
    assertEquals(Optional.empty(), former);
    old.client().abort();
    assertInstanceOf(EpisodeEnd.Aborted.class, old.end().end());
    assertEquals(List.of(), old.containers());
  }

  @Test
  void aSettledResultIsToldAgainIfTheWrapperIsKilledBeforeItsEnd() throws Exception {
    FaultyProxy proxy = jobs.proxy();
    proxy.spoil("DELETE .*/containers/", 1, new FaultyProxy.Spoil.Mute());
    Job job = jobs.copying("settled", "echo ran >>/work/out").through(proxy).start();
    Await.until("it removes", Job.PATIENCE, () -> proxy.count("DELETE .*/containers/") == 1);
    job.client().kill9();
    job.end();
    jobs.engine().engine().containers().remove(job.container().id());
    proxy.heal();
    job.runToCompletion();
    assertEquals("ran\n", job.output("out"));
    assertEquals(1, proxy.count("POST .*/start"));
    assertFalse(Files.exists(job.file("docker_wrapper_work")));
  }
}
