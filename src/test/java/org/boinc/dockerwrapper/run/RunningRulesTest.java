package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.run.JobState.Ended;
import org.boinc.dockerwrapper.run.JobState.Link;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The container is started, until it ends. */
class RunningRulesTest {
  @Test
  void c9SuspendPausesAndResumeGoesOn() {
    Driven job = Driven.running();
    assertEquals(List.of("PAUSE"), job.suspend().does());
    assertEquals("PAUSED", job.done(Step.PAUSE).phase());
    assertEquals(List.of("UNPAUSE"), job.resume().does());
    assertEquals("RUNNING", job.done(Step.UNPAUSE).phase());
  }

  @Test
  void c11QuickSuspendsAndResumesCollapse() {
    Driven job = Driven.running().suspend();
    assertEquals(List.of(), job.resume().does());
    assertEquals(List.of(), job.suspend().does());
    assertEquals(List.of(), job.done(Step.PAUSE).does());
    assertEquals("PAUSED", job.phase());

    job.resume().suspend().resume();
    assertEquals(List.of(), job.done(Step.UNPAUSE).does());
    assertEquals("RUNNING", job.phase());
  }

  @Test
  void aPauseThatCameTooLateIsTakenBack() {
    Driven job = Driven.running().suspend().resume();
    assertEquals(List.of("UNPAUSE"), job.done(Step.PAUSE).does());
  }

  @Test
  void aPauseThatFailsMeansThatTheContainerMayHaveEnded() {
    Driven job = Driven.running().suspend().failed(Step.PAUSE, Driven.SURPRISE);
    assertEquals(List.of("LOOK"), job.does());
    assertEquals(List.of(Driven.SURPRISE.sentence()), job.says());
    assertEquals(List.of("COPY_OUT"), job.sighted(new Sighting.Exited(Driven.ZERO)).does());
  }

  @Test
  void aContainerThatCanNotBePausedIsTriedAgainEveryTwoSeconds() {
    Driven job = Driven.running().suspend().failed(Step.PAUSE, Driven.SURPRISE);
    assertEquals("STUBBORN", job.sighted(Driven.RUNNING).phase());
    assertEquals(List.of(), job.does());
    assertEquals(List.of(), job.after(1).does());
    assertEquals(List.of("PAUSE"), job.after(1).does());
  }

  @Test
  void aStubbornContainerThatMayRunAgainJustDoes() {
    Driven job = stubborn().resume();
    assertEquals("RUNNING", job.phase());
    assertEquals(List.of(), job.does());
  }

  @Test
  void aQuitEndsTheContainerOfAJobThatMakesCheckpoints() {
    assertEquals(List.of("PARK"), Driven.running().endOnQuit().quit().does());
    assertEquals(
        List.of("PARK"),
        Driven.running().endOnQuit().suspend().done(Step.PAUSE).quit().does(),
        "also where it is frozen: its memory is wanted back");
    Driven job = Driven.running().endOnQuit().quit().done(Step.PARK);
    assertEquals(new Ended(new Outcome.Left("the client asked to quit")), job.state());
  }

  @Test
  void aContainerThatCouldNotBeEndedIsFrozen() {
    Driven job = Driven.running().endOnQuit().quit().failed(Step.PARK, Driven.SURPRISE);
    assertEquals(List.of("LOOK"), job.does());
    assertEquals(List.of("PAUSE"), job.sighted(Driven.RUNNING).does());
  }

  @Test
  void anAbortDuringTheLastCheckpointThrowsTheJobAway() {
    Driven job = Driven.running().endOnQuit().quit().abort();
    assertEquals(List.of("CANCEL"), job.does());
    assertEquals(List.of("REMOVE"), job.failed(Step.PARK, new Failure.Cancelled()).does());
  }

  @Test
  void theEndOfTheContainerIsLookedAtAndCollected() {
    Driven job = Driven.running().watchEnded();
    assertEquals(List.of("LOOK"), job.does());
    assertEquals(List.of("COPY_OUT"), job.sighted(new Sighting.Exited(Driven.ZERO)).does());
  }

  @Test
  void newsOfTheEndDuringAStepIsNotForgotten() {
    Driven pausing = Driven.running().suspend().watchEnded();
    assertEquals(List.of(), pausing.does());
    assertEquals(List.of("LOOK"), pausing.done(Step.PAUSE).does());

    Driven thawing = Driven.running().suspend().done(Step.PAUSE).resume().watchEnded();
    assertEquals(List.of("LOOK"), thawing.done(Step.UNPAUSE).does());

    assertEquals(List.of("LOOK"), stubborn().watchEnded().does());
  }

  @Test
  void aWatchThatBrokeOffChangesNothing() {
    Driven job = Driven.running().watchEnded().sighted(Driven.RUNNING);
    assertEquals("RUNNING", job.phase());
    assertEquals(List.of(), job.does());
  }

  @Test
  void aContainerThatIsGoneIsMadeAnewWhenTheClientIsKnownToLive() {
    Driven job = Driven.running().watchEnded().sighted(new Sighting.Absent());
    assertEquals(List.of(), job.does());
    assertEquals(
        List.of("the container is gone; if the client lives the job starts over"), job.says());
    assertEquals(List.of(), job.after(30).does());
    assertEquals(List.of("LOOK"), job.after(1).does());
    assertEquals(List.of("IMAGE"), job.sighted(new Sighting.Absent()).does());
  }

  @Test
  void aContainerThatTheClientsSuccessorRemovedIsNotMadeAnew() {
    Driven job = Driven.running().watchEnded().sighted(new Sighting.Absent()).after(10);
    assertEquals(List.of("LOOK"), job.on(new RunEvent.ClientGone()).does());
    assertInstanceOf(Outcome.Left.class, ended(job.sighted(new Sighting.Absent())));
  }

  @Test
  void aContainerThatAnotherKilledIsStartedAgain() {
    Driven job = Driven.running().watchEnded().sighted(new Sighting.Killed("status 137"));
    assertEquals(List.of("START"), job.does());
  }

  @Test
  void anEngineThatGoesAwayLeavesTheContainerItsChance() {
    Driven job = Driven.running().watchEnded().failed(Step.LOOK, Driven.AWAY);
    assertEquals("LOST", job.phase());
    assertEquals(List.of("no answer; the container may live, looking again"), job.says());
    assertEquals(List.of(), job.after(1).does());
    assertEquals(List.of("LOOK"), job.after(1).does());
    assertEquals(List.of(), job.failed(Step.LOOK, Driven.AWAY).says(), "said once");
    assertEquals(List.of("LOOK"), job.after(2).does());
    assertEquals("RUNNING", job.sighted(Driven.RUNNING).phase());
    assertEquals(1, job.watchEnded().failed(Step.LOOK, Driven.AWAY).says().size(), "a new absence");
  }

  @Test
  void anEngineThatStaysAwayForTenMinutesIsTriedAnotherTime() {
    Driven job = Driven.running().watchEnded().failed(Step.LOOK, Driven.AWAY);
    for (int look = 0; look < 300; look++) {
      assertEquals(List.of("LOOK"), job.after(2).does());
      job.failed(Step.LOOK, Driven.AWAY);
    }
    assertInstanceOf(Outcome.HostNotReady.class, ended(job.after(2)));
  }

  @Test
  void wishesDuringAnAbsenceAreMetAfterIt() {
    Driven job = Driven.running().watchEnded().failed(Step.LOOK, Driven.AWAY).suspend();
    assertEquals(List.of(), job.does());
    assertEquals(List.of("PAUSE"), job.after(2).sighted(Driven.RUNNING).does());
  }

  @Test
  void aLimitStopsTheJobAndThenCollectsWhatThereIs() {
    Driven job = Driven.running().overLimit();
    assertEquals(List.of("STOP"), job.does());
    assertEquals(List.of("COPY_OUT"), job.done(Step.STOP).does());
    job.collected(new Outcome.LimitHit(LimitKind.SIGNAL, "ended by signal 9"));
    assertEquals(List.of("REMOVE"), job.does());
    assertEquals(new Outcome.LimitHit(LimitKind.TIME, "too long"), ended(job.done(Step.REMOVE)));
  }

  @Test
  void aLimitDuringAStepWaitsForItsNextReport() {
    Driven job = Driven.running().suspend();
    assertEquals(List.of(), job.overLimit().does());
    assertEquals(List.of("STOP"), job.done(Step.PAUSE).overLimit().does());
  }

  @ParameterizedTest
  @MethodSource("quits")
  void aQuitFreezesTheContainerWhereItIs(RunEvent quit) {
    Driven job = Driven.running().on(quit);
    assertEquals(List.of("PAUSE"), job.does());
    assertInstanceOf(Outcome.Left.class, ended(job.done(Step.PAUSE)));
  }

  @ParameterizedTest
  @MethodSource("quits")
  void aQuitOfAPausedContainerNeedsNoEngine(RunEvent quit) {
    assertInstanceOf(
        Outcome.Left.class, ended(Driven.running().suspend().done(Step.PAUSE).on(quit)));
  }

  @ParameterizedTest
  @MethodSource("quits")
  void aQuitWhilePausingLooksWhatCameOfIt(RunEvent quit) {
    Driven job = Driven.running().suspend().on(quit);
    assertEquals(List.of("CANCEL"), job.does());
    assertEquals(List.of("LOOK"), job.failed(Step.PAUSE, new Failure.Cancelled()).does());
    assertEquals(List.of("PAUSE"), job.sighted(Driven.RUNNING).does());
    assertInstanceOf(Outcome.Left.class, ended(job.done(Step.PAUSE)));
  }

  @Test
  void aQuitWhilePausedAtLastNeedsNoSecondPause() {
    Driven job = Driven.running().suspend().quit().done(Step.PAUSE);
    assertInstanceOf(Outcome.Left.class, ended(job.sighted(Driven.PAUSED)));
  }

  @Test
  void aQuitOfAContainerThatHasJustEndedLeavesItToTheNextEpisode() {
    Driven job = Driven.running().watchEnded().quit();
    assertEquals(List.of("CANCEL"), job.does());
    job.sighted(new Sighting.Exited(Driven.ZERO));
    assertEquals(List.of("LOOK"), job.does());
    assertInstanceOf(Outcome.Left.class, ended(job.sighted(new Sighting.Exited(Driven.ZERO))));
  }

  @Test
  void anAbortRemovesTheContainerWhateverItDoes() {
    for (Driven quiet : List.of(Driven.running(), paused(), stubborn(), lost())) {
      assertEquals(List.of("SHUTDOWN"), quiet.abort().does());
      assertEquals(List.of("REMOVE"), quiet.done(Step.SHUTDOWN).does());
      assertEquals(new Outcome.Aborted(), ended(quiet.done(Step.REMOVE)));
    }
    for (Driven busy : List.of(Driven.running().suspend(), paused().resume())) {
      assertEquals(List.of("CANCEL"), busy.abort().does());
      assertEquals(List.of("SHUTDOWN"), busy.failed(Step.PAUSE, new Failure.Cancelled()).does());
      assertEquals(List.of("REMOVE"), busy.done(Step.SHUTDOWN).does());
      assertEquals(new Outcome.Aborted(), ended(busy.done(Step.REMOVE)));
    }
  }

  @Test
  void aSuspendedNetworkIsLeftAndComesBack() {
    Driven job = Driven.networked();
    assertEquals(List.of("DISCONNECT"), job.network(false).does());
    assertEquals("RUNNING without network", job.done(Step.DISCONNECT).phase());
    assertEquals(List.of("CONNECT"), job.network(true).does());
    assertEquals("RUNNING", job.done(Step.CONNECT).phase());
  }

  @Test
  void quickChangesOfTheNetworkCollapse() {
    Driven job = Driven.networked().network(false).network(true).network(false);
    assertEquals(List.of(), job.done(Step.DISCONNECT).does());
    assertEquals(List.of("CONNECT"), job.network(true).does());
    assertEquals(List.of("DISCONNECT"), job.network(false).done(Step.CONNECT).does());
  }

  @Test
  void beforeTheFirstHeartbeatTheNetworkIsLeftAsItIs() {
    for (Link link : Link.values()) {
      Driven job = Driven.fetchingTheImage().watchEnded().sighted(new Sighting.Running(link));
      assertEquals(List.of(), job.does(), link::toString);
    }
  }

  @Test
  void anAdoptedContainerIsPutWhereItBelongs() {
    Driven off = Driven.start().network(true).done(Step.ENGINE, Step.PLAN);
    assertEquals(List.of("CONNECT"), off.sighted(new Sighting.Running(Link.DOWN)).does());
    Driven on = Driven.start().network(false).done(Step.ENGINE, Step.PLAN);
    assertEquals(List.of("DISCONNECT"), on.sighted(new Sighting.Running(Link.UP)).does());
  }

  @Test
  void aPausedContainerIsPutOnOrOffTheNetworkWhenItRuns() {
    Driven job = Driven.networked().suspend().done(Step.PAUSE);
    assertEquals(List.of(), job.network(false).does());
    assertEquals(List.of("UNPAUSE"), job.resume().does());
    assertEquals(List.of("DISCONNECT"), job.done(Step.UNPAUSE).does());
    assertEquals(List.of("PAUSE"), job.suspend().done(Step.DISCONNECT).does());
  }

  @Test
  void aNetworkThatCanNotBeLeftIsTriedAgainEveryTwoSeconds() {
    Driven job = Driven.networked().network(false).failed(Step.DISCONNECT, Driven.SURPRISE);
    assertEquals(List.of("LOOK"), job.does());
    assertEquals("STUBBORN", job.sighted(new Sighting.Running(Link.UP)).phase());
    assertEquals(List.of(), job.after(1).does());
    assertEquals(List.of("DISCONNECT"), job.after(1).does());
  }

  @Test
  void aNetworkThatWasLeftAlthoughThatFailedIsLeft() {
    Driven job = Driven.networked().network(false).failed(Step.DISCONNECT, Driven.SURPRISE);
    assertEquals("RUNNING without network", job.sighted(new Sighting.Running(Link.DOWN)).phase());
    assertEquals(List.of(), job.does());
  }

  static Stream<RunEvent> quits() {
    return Stream.of(
        new RunEvent.Asked(ClientRequest.QUIT),
        new RunEvent.ClientGone(),
        new RunEvent.Terminated());
  }

  private static Driven paused() {
    return Driven.running().suspend().done(Step.PAUSE);
  }

  private static Driven lost() {
    return Driven.running().watchEnded().failed(Step.LOOK, Driven.AWAY);
  }

  private static Driven stubborn() {
    return Driven.running().suspend().failed(Step.PAUSE, Driven.SURPRISE).sighted(Driven.RUNNING);
  }

  private static Outcome ended(Driven job) {
    return assertInstanceOf(Ended.class, job.state()).outcome();
  }
}
