package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.time.Duration;
import java.util.List;
import org.boinc.dockerwrapper.run.JobState.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The container has ended or is to end, or the episode is. */
class EndingRulesTest {
  private static final Outcome SUCCESS = new Outcome.Succeeded();
  private static final Outcome LIMIT = new Outcome.LimitHit(LimitKind.TIME, "too long");
  private static final Failure.Cancelled CANCELLED = new Failure.Cancelled();

  @Test
  void whatIsCollectedIsRemovedAndThenTold() {
    Driven job = Driven.collecting().collected(SUCCESS);
    assertEquals(List.of("REMOVE"), job.does());
    assertEquals(SUCCESS, ended(job.done(Step.REMOVE)));
  }

  @Test
  void outputsAreCollectedAgainWhenTheEngineIsBack() {
    for (Failure failure : List.of(Driven.AWAY, Driven.SURPRISE, CANCELLED)) {
      Driven job = Driven.collecting().failed(Step.COPY_OUT, failure);
      assertEquals(List.of(), job.does());
      assertEquals(List.of(failure.sentence() + "; looking again"), job.says());
      assertEquals(List.of("LOOK"), job.after(2).does());
      assertEquals(List.of("COPY_OUT"), job.sighted(new Sighting.Exited(Driven.ZERO)).does());
    }
  }

  @Test
  void anEngineThatStaysAwayForTenMinutesIsTriedAnotherTime() {
    Driven job = Driven.collecting().after(60).failed(Step.COPY_OUT, Driven.AWAY);
    for (int look = 0; look < 300; look++) {
      assertEquals(List.of("LOOK"), job.after(2).does());
      job.failed(Step.LOOK, Driven.AWAY);
    }
    assertInstanceOf(Outcome.HostNotReady.class, ended(job.after(2)));
  }

  @Test
  void aFullDiskLeavesTheContainerForAnotherTime() {
    Failure full = new Failure.Host("disk full", Duration.ZERO);
    Driven job = Driven.collecting().failed(Step.COPY_OUT, full);
    assertEquals(List.of(), job.does());
    assertEquals(new Outcome.HostNotReady("disk full", Duration.ZERO), ended(job));
  }

  @Test
  void aContainerThatVanishedBeforeItWasCollectedIsMadeAnew() {
    Driven job = Driven.collecting().failed(Step.COPY_OUT, Driven.SURPRISE).after(2);
    assertEquals(List.of("IMAGE"), job.sighted(new Sighting.Absent()).does());
  }

  @Test
  void suspendedOrNotTheOutputsAreCollected() {
    Driven job = Driven.collecting().suspend();
    assertEquals(List.of(), job.does());
    assertEquals(List.of("REMOVE"), job.collected(SUCCESS).does());
  }

  @Test
  void aQuitWhileCollectingTouchesNothing() {
    Driven job = Driven.collecting().quit();
    assertEquals(List.of("CANCEL"), job.does());
    assertEquals(List.of("LOOK"), job.failed(Step.COPY_OUT, CANCELLED).does());
    assertInstanceOf(Outcome.Left.class, ended(job.sighted(new Sighting.Exited(Driven.ZERO))));
  }

  @Test
  void outputsThatWereCollectedAfterAQuitAreCollectedAgainNextTime() {
    Driven job = Driven.collecting().quit();
    assertEquals(List.of("LOOK"), job.collected(SUCCESS).does());
    assertInstanceOf(Outcome.Left.class, ended(job.sighted(new Sighting.Exited(Driven.ZERO))));
  }

  @Test
  void anAbortWhileCollectingRemovesEverything() {
    Driven job = Driven.collecting().abort();
    assertEquals(List.of("CANCEL"), job.does());
    assertEquals(List.of("REMOVE"), job.collected(SUCCESS).does());
    assertEquals(new Outcome.Aborted(), ended(job.done(Step.REMOVE)));
  }

  @Test
  void aContainerThatEndedBeforeItWasStoppedIsCollected() {
    Driven job = Driven.running().overLimit().failed(Step.STOP, Driven.SURPRISE);
    assertEquals("STOPPING", job.phase());
    assertEquals(List.of(), job.after(1).does());
    assertEquals(List.of("LOOK"), job.after(1).does());
    assertEquals(List.of("COPY_OUT"), job.sighted(new Sighting.Exited(Driven.ZERO)).does());
    assertEquals(LIMIT, ended(job.collected(SUCCESS).done(Step.REMOVE)));
  }

  @Test
  void aContainerThatWasNotStoppedIsTriedAgain() {
    Driven job = Driven.running().overLimit().failed(Step.STOP, Driven.AWAY).after(2);
    assertEquals(List.of("STOP"), job.sighted(Driven.RUNNING).does());
  }

  /** Our own KILL looks like a death that nobody watched. */
  @Test
  void aStoppedContainerIsNeverStartedAgain() {
    Driven stopping = Driven.running().overLimit().failed(Step.STOP, Driven.AWAY).after(2);
    assertEquals(List.of("COPY_OUT"), stopping.sighted(new Sighting.Killed("137")).does());

    Driven collecting = Driven.running().overLimit().done(Step.STOP);
    collecting.failed(Step.COPY_OUT, Driven.AWAY).after(2);
    assertEquals(List.of("COPY_OUT"), collecting.sighted(new Sighting.Killed("137")).does());

    collecting.failed(Step.COPY_OUT, Driven.SURPRISE).after(2);
    assertEquals(List.of("REMOVE"), collecting.sighted(new Sighting.Absent()).does());
    assertEquals(LIMIT, ended(collecting.done(Step.REMOVE)));
  }

  @Test
  void anEngineThatCanNotStopAContainerForTenMinutesIsTriedAnotherTime() {
    Driven job = Driven.running().overLimit().failed(Step.STOP, Driven.AWAY);
    for (int look = 0; look < 300; look++) {
      assertEquals(List.of("LOOK"), job.after(2).does());
      job.failed(Step.LOOK, Driven.AWAY);
    }
    assertInstanceOf(Outcome.HostNotReady.class, ended(job.after(2)));
  }

  @Test
  void aQuitWhileStoppingLeavesTheRestToTheNextEpisode() {
    Driven job = Driven.running().overLimit().quit();
    assertEquals(List.of("CANCEL"), job.does());
    assertInstanceOf(Outcome.Left.class, ended(job));
  }

  @Test
  void aRemovalThatFailsIsTriedAgainUntilItTakesTooLong() {
    Driven job = Driven.collecting().collected(SUCCESS).failed(Step.REMOVE, Driven.AWAY);
    assertEquals(List.of(Driven.AWAY.sentence()), job.says());
    assertEquals(List.of(), job.after(1).does());
    assertEquals(List.of("REMOVE"), job.after(1).does());
    assertEquals(List.of("CANCEL"), job.after(18).does());
    assertEquals(SUCCESS, ended(job), "a result is worth more than a tidy engine");
  }

  @Test
  void aQuitWhileRemovingTellsTheResultNextTime() {
    Driven job = Driven.collecting().collected(SUCCESS).quit();
    assertEquals(List.of("CANCEL"), job.does());
    assertInstanceOf(Outcome.Left.class, ended(job), "no finish file after a quit");

    Driven next = Driven.repeat(SUCCESS);
    assertEquals(List.of("ENGINE"), next.does());
    assertEquals(List.of("REMOVE"), next.done(Step.ENGINE).does());
    assertEquals(SUCCESS, ended(next.done(Step.REMOVE)));
  }

  @Test
  void aSettledResultIsToldEvenWithoutAnEngine() {
    Driven job = Driven.repeat(SUCCESS).failed(Step.ENGINE, Driven.AWAY);
    assertEquals(SUCCESS, ended(job));
    assertEquals(List.of("no answer"), job.says());

    Driven hung = Driven.repeat(SUCCESS).after(19);
    assertEquals(List.of(), hung.does());
    assertEquals(SUCCESS, ended(hung.after(1)));
  }

  @Test
  void anAbortOfASettledResultStillRemovesEverything() {
    Driven job = Driven.repeat(SUCCESS).abort();
    assertEquals(List.of("REMOVE"), job.done(Step.ENGINE).does());
    assertEquals(new Outcome.Aborted(), ended(job.done(Step.REMOVE)));
  }

  @Test
  void anAbortAfterAQuitCounts() {
    Driven job = Driven.running().quit().abort();
    assertEquals(List.of("CANCEL"), job.does());
    assertEquals(List.of("REMOVE"), job.done(Step.PAUSE).does());
    assertEquals(new Outcome.Aborted(), ended(job.done(Step.REMOVE)));
  }

  @Test
  void anAbortedContainerThatRunsIsShutDownBeforeItIsRemoved() {
    Driven job = Driven.running().abort();
    assertEquals(List.of("SHUTDOWN"), job.does());
    assertEquals(List.of("REMOVE"), job.done(Step.SHUTDOWN).does());

    Driven failing = Driven.running().abort().failed(Step.SHUTDOWN, Driven.SURPRISE);
    assertEquals(List.of("REMOVE"), failing.does());
    assertEquals(new Outcome.Aborted(), ended(failing.done(Step.REMOVE)));
  }

  @Test
  void aJobThatFillsTheDiskIsKilledAtOnce() {
    Driven job = Driven.running().on(new RunEvent.OverLimit(LimitKind.DISK, "too much"));
    assertEquals(List.of("KILL"), job.does());
    assertEquals(List.of("COPY_OUT"), job.done(Step.KILL).does());
  }

  /** The wrapper was killed after the limit was noted: its outputs are still to be had. */
  @Test
  void theNextEpisodeGoesOnStopping() {
    Outcome.LimitHit limit = new Outcome.LimitHit(LimitKind.TIME, "too long");
    Driven running = Driven.goOnStopping(limit).done(Step.ENGINE, Step.PLAN);
    assertEquals(List.of("STOP"), running.sighted(Driven.RUNNING).does());
    assertEquals(List.of("COPY_OUT"), running.done(Step.STOP).does());
    assertEquals(limit, ended(running.collected(SUCCESS).done(Step.REMOVE)));

    Driven ended = Driven.goOnStopping(limit).done(Step.ENGINE, Step.PLAN);
    assertEquals(List.of("COPY_OUT"), ended.sighted(new Sighting.Killed("137")).does());

    Driven gone = Driven.goOnStopping(limit).done(Step.ENGINE, Step.PLAN);
    assertEquals(List.of("REMOVE"), gone.sighted(new Sighting.Absent()).does());

    Driven away = Driven.goOnStopping(limit).done(Step.ENGINE, Step.PLAN);
    away.failed(Step.LOOK, Driven.AWAY).after(2);
    assertEquals(List.of("STOP"), away.sighted(Driven.RUNNING).does());
  }

  /** A killed wrapper may have left its container running. */
  @Test
  void aQuitWhileTheEngineIsLookedForStillFreezesWhatRuns() {
    Driven job = Driven.start().quit();
    assertEquals(List.of(), job.does());
    assertEquals(List.of("LOOK"), job.done(Step.ENGINE).does());
    assertEquals(List.of("PAUSE"), job.sighted(Driven.RUNNING).does());
    assertInstanceOf(Outcome.Left.class, ended(job.done(Step.PAUSE)));

    Driven nowhere = Driven.start().quit().failed(Step.ENGINE, Driven.AWAY);
    assertInstanceOf(Outcome.Left.class, ended(nowhere));
  }

  @Test
  void aQuitAfterAnAbortOrAnotherQuitChangesNothing() {
    for (Driven leaving : List.of(Driven.running().abort(), Driven.running().quit())) {
      JobState before = leaving.state();
      assertEquals(before, leaving.quit().state());
      assertEquals(List.of(), leaving.does());
    }
  }

  @Test
  void aPauseThatFailsOnTheWayOutIsLeftToTheNextEpisode() {
    Driven job = Driven.running().quit().failed(Step.PAUSE, Driven.SURPRISE);
    assertInstanceOf(Outcome.Left.class, ended(job));
    assertEquals(List.of(Driven.SURPRISE.sentence()), job.says());
  }

  @Test
  void aQuitDoesNotWaitForAHungEngine() {
    Driven job = Driven.running().suspend().quit().after(7);
    assertEquals("LEAVING look", job.phase());
    assertEquals(List.of("CANCEL"), job.after(1).does());
    assertEquals(List.of("the container engine did not answer in time"), job.says());
    assertInstanceOf(Outcome.Left.class, ended(job));
  }

  @Test
  void anAbortDoesNotWaitForAHungEngine() {
    Driven shutting = Driven.running().abort().after(34);
    assertEquals("LEAVING shutdown", shutting.phase());
    assertEquals(new Outcome.Aborted(), ended(shutting.after(1)));

    Driven removing = Driven.running().abort().done(Step.SHUTDOWN).after(19);
    assertEquals("LEAVING remove", removing.phase());
    assertEquals(new Outcome.Aborted(), ended(removing.after(1)));
  }

  /** The client kills us 60 s after it asked. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whateverTheEngineDoesWeAreGoneInTime(boolean abort) {
    for (Driven job :
        List.of(Driven.start(), Driven.fetchingTheImage(), Driven.running(), Driven.collecting())) {
      if (abort) {
        job.abort();
      } else {
        job.quit();
      }
      for (int second = 1; second <= 50; second++) {
        job.after(1);
      }
      assertInstanceOf(Ended.class, job.state());
    }
  }

  @Test
  void nothingHappensAfterTheEnd() {
    Driven job = Driven.running().suspend().done(Step.PAUSE).quit();
    JobState end = job.state();
    for (Driven later : List.of(job.abort(), job.after(100), job.watchEnded(), job.resume())) {
      assertEquals(end, later.state());
      assertEquals(List.of(), later.does());
    }
    assertNotEquals(SUCCESS, ended(job));
  }

  private static Outcome ended(Driven job) {
    return assertInstanceOf(Ended.class, job.state()).outcome();
  }
}
