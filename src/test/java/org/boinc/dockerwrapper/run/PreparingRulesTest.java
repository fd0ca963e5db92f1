package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.util.List;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.run.JobState.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The way to a running container. */
class PreparingRulesTest {
  private static final Failure.Cancelled CANCELLED = new Failure.Cancelled();

  @Test
  void theWayToARunningContainer() {
    Driven job = Driven.start();
    assertEquals(List.of("ENGINE"), job.does());
    assertEquals(List.of("PLAN"), job.done(Step.ENGINE).does());
    assertEquals(List.of("LOOK"), job.done(Step.PLAN).does());
    assertEquals(List.of("IMAGE"), job.sighted(new Sighting.Absent()).does());
    assertEquals(List.of("CREATE"), job.done(Step.IMAGE).does());
    assertEquals(List.of("COPY_IN"), job.done(Step.CREATE).does());
    assertEquals(List.of("START"), job.done(Step.COPY_IN).does());
    assertEquals(List.of(), job.sighted(Driven.RUNNING).does());
    assertEquals("RUNNING", job.phase());
  }

  @Test
  void c32ARunningContainerIsAdopted() {
    Driven job = looking().sighted(Driven.RUNNING);
    assertEquals("RUNNING", job.phase());
    assertEquals(List.of(), job.does());
  }

  @Test
  void c33APausedContainerGoesOn() {
    Driven job = looking().sighted(Driven.PAUSED);
    assertEquals(List.of("UNPAUSE"), job.does());
    assertEquals("RUNNING", job.done(Step.UNPAUSE).phase());
  }

  @Test
  void aPausedContainerStaysPausedWhileTheJobIsSuspended() {
    Driven job = looking().suspend().sighted(Driven.PAUSED);
    assertEquals("PAUSED", job.phase());
    assertEquals(List.of(), job.does());
    assertEquals(List.of("UNPAUSE"), job.resume().does());
  }

  @Test
  void aRunningContainerIsPausedAtOnceWhereTheJobIsSuspended() {
    assertEquals(List.of("PAUSE"), looking().suspend().sighted(Driven.RUNNING).does());
  }

  @Test
  void c30AnExitedContainerIsCollectedAndNotRunAgain() {
    Driven job = looking().sighted(new Sighting.Exited(Driven.ZERO));
    assertEquals(List.of("COPY_OUT"), job.does());
    assertEquals("COLLECTING", job.phase());
  }

  @Test
  void aCreatedContainerGetsItsFilesAgain() {
    assertEquals(List.of("COPY_IN"), looking().sighted(new Sighting.Created()).does());
  }

  @Test
  void aKilledContainerIsStartedAgainAndPeopleAreTold() {
    Driven job = looking().sighted(new Sighting.Killed("the host was restarted"));
    assertEquals(List.of("START"), job.does());
    assertEquals(List.of("the host was restarted; the container is started again"), job.says());
  }

  @Test
  void aSuspendInTheMiddleOfABuildCancelsItOnlyAfterTenSeconds() {
    Driven job = Driven.fetchingTheImage().suspend();
    assertEquals(List.of(), job.does());
    assertEquals(List.of(), job.after(9).does());
    assertEquals(List.of("CANCEL"), job.after(1).does());

    job.failed(Step.IMAGE, CANCELLED);
    assertEquals("WAITING for resume", job.phase());
    assertEquals(List.of(), job.after(3600).does());
    assertEquals(List.of("IMAGE"), job.resume().does());
  }

  @Test
  void theClientsThrottleDoesNotCancelABuild() {
    Driven job = Driven.fetchingTheImage();
    for (int pulse = 0; pulse < 60; pulse++) {
      assertEquals(List.of(), job.suspend().after(9).does());
      assertEquals(List.of(), job.resume().after(1).does());
    }
    assertEquals(List.of("CREATE"), job.done(Step.IMAGE).does());
  }

  @Test
  void aBuildThatIsDoneAllTheSameIsNotThrownAway() {
    Driven job = Driven.fetchingTheImage().suspend().after(11);
    assertEquals(List.of("CREATE"), job.done(Step.IMAGE).does());
  }

  @Test
  void aBuildThatWasCancelledTooLateBeginsAgain() {
    Driven job = Driven.fetchingTheImage().suspend().after(11).resume();
    assertEquals(List.of("IMAGE"), job.failed(Step.IMAGE, CANCELLED).does());
  }

  @Test
  void nothingIsStartedWhileTheJobIsSuspended() {
    Driven job = Driven.fetchingTheImage().suspend().done(Step.IMAGE, Step.CREATE, Step.COPY_IN);
    assertEquals("WAITING for resume", job.phase());
    assertEquals(List.of(), job.does());
    assertEquals(List.of("START"), job.resume().does());
    assertEquals(List.of("PAUSE"), job.suspend().sighted(Driven.RUNNING).does());
  }

  @Test
  void c23AnImageThatNeedsTheNetworkWaitsForItAndGoesOn() {
    Driven job = Driven.fetchingTheImage().failed(Step.IMAGE, new Failure.NetworkNeeded());
    assertEquals("WAITING for network", job.phase());
    assertEquals(List.of(), job.network(false).does());
    assertEquals(List.of(), job.after(3600).does());
    assertEquals(List.of("IMAGE"), job.network(true).does());
  }

  @Test
  void aNetworkThatCameMeanwhileIsUsedAtOnce() {
    Driven job = Driven.fetchingTheImage().network(true);
    assertEquals(List.of("IMAGE"), job.failed(Step.IMAGE, new Failure.NetworkNeeded()).does());
  }

  @Test
  void anEngineThatIsNotThereIsTriedAnotherTime() {
    Driven job = Driven.start().failed(Step.ENGINE, Driven.AWAY);
    assertEquals(new Outcome.HostNotReady("no answer", Duration.ZERO), ended(job));
  }

  @ParameterizedTest
  @EnumSource(names = {"LOOK", "IMAGE", "CREATE", "COPY_IN", "START"})
  void aFailureOfTheEngineIsAnsweredByALookTwoSecondsLater(Step step) {
    for (Failure failure : List.of(Driven.AWAY, Driven.SURPRISE)) {
      Driven job = Driven.in(inProgress(step)).failed(step, failure);
      assertEquals("WAITING for engine", job.phase());
      assertEquals(List.of(failure.sentence() + "; looking again"), job.says());
      assertEquals(List.of(), job.after(1).does());
      assertEquals(List.of("LOOK"), job.after(1).does());
    }
  }

  @Test
  void anEngineThatStaysAwayForTenMinutesIsTriedAnotherTime() {
    Driven job = Driven.fetchingTheImage().after(100).failed(Step.IMAGE, Driven.AWAY);
    for (int look = 0; look < 300; look++) {
      assertEquals(List.of("LOOK"), job.after(2).does());
      job.failed(Step.LOOK, Driven.AWAY);
    }
    assertInstanceOf(Outcome.HostNotReady.class, ended(job.after(2)));
  }

  @Test
  void oneLossALongBuildAndOneMoreLossAreNoLongAbsence() {
    Driven job = Driven.fetchingTheImage().failed(Step.IMAGE, Driven.AWAY);
    job.after(2).sighted(new Sighting.Absent()).after(900).failed(Step.IMAGE, Driven.AWAY);
    assertEquals(List.of("LOOK"), job.after(2).does());
    job.sighted(new Sighting.Absent()).after(900).done(Step.IMAGE).failed(Step.CREATE, Driven.AWAY);
    assertEquals(List.of("LOOK"), job.after(2).does());
  }

  @Test
  void aStepThatFailsTenTimesWhileTheEngineAnswersPutsTheJobOffAndSaysWhy() {
    Driven job = Driven.fetchingTheImage().done(Step.IMAGE);
    for (int attempt = 1; attempt < 10; attempt++) {
      job.failed(Step.CREATE, Driven.SURPRISE);
      assertEquals(List.of("LOOK"), job.after(2).does());
      job.sighted(new Sighting.Absent()).done(Step.IMAGE);
      assertEquals(List.of("CREATE"), job.does());
    }
    assertEquals(
        new Outcome.HostNotReady(Driven.SURPRISE.sentence(), Duration.ZERO),
        ended(job.failed(Step.CREATE, Driven.SURPRISE)));
  }

  @Test
  void theHostsTroubleIsATemporaryExit() {
    Failure full = new Failure.Host("disk full", Duration.ofMinutes(5));
    assertEquals(
        new Outcome.HostNotReady("disk full", Duration.ofMinutes(5)),
        ended(Driven.in(inProgress(Step.CREATE)).failed(Step.CREATE, full)));
  }

  @Test
  void aBugEndsTheEpisodeAsOne() {
    assertEquals(
        new Outcome.Bug("null"),
        ended(Driven.in(inProgress(Step.CREATE)).failed(Step.CREATE, new Failure.Bug("null"))));
  }

  /** It may have had a container in an earlier episode, before its GPU was taken away, say. */
  @ParameterizedTest
  @EnumSource(names = {"PLAN", "IMAGE", "CREATE", "COPY_IN", "START"})
  void aJobThatCanNotRunLeavesNothingBehind(Step step) {
    Driven rejected = Driven.in(inProgress(step)).failed(step, new Failure.Job("no such image"));
    assertEquals(List.of("REMOVE"), rejected.does());
    assertEquals(
        new Outcome.JobRejected(List.of("no such image")), ended(rejected.done(Step.REMOVE)));

    Driven deviceless = Driven.in(inProgress(step)).failed(step, new Failure.Device("no GPU"));
    assertEquals(List.of("REMOVE"), deviceless.does());
    assertEquals(new Outcome.DeviceMissing("no GPU"), ended(deviceless.done(Step.REMOVE)));

    Driven large =
        Driven.in(inProgress(step)).failed(step, new Failure.Limit(LimitKind.DISK, "too large"));
    assertEquals(List.of("REMOVE"), large.does());
    assertEquals(new Outcome.LimitHit(LimitKind.DISK, "too large"), ended(large.done(Step.REMOVE)));
  }

  @Test
  void aQuitIsHeardWhileTheEngineIsLookedFor() {
    Driven job = Driven.start().quit().after(7);
    assertEquals("LEAVING engine", job.phase());
    assertEquals(List.of("CANCEL"), job.after(1).does());
    assertInstanceOf(Outcome.Left.class, ended(job));
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAN", "LOOK", "IMAGE", "CREATE", "COPY_IN", "START"})
  void aQuitCancelsTheStepAndPausesWhatMayRun(Step step) {
    Driven job = Driven.in(inProgress(step)).quit();
    assertEquals(List.of("CANCEL"), job.does());
    assertEquals(List.of("LOOK"), job.failed(step, CANCELLED).does());
    assertEquals(List.of("PAUSE"), job.sighted(Driven.RUNNING).does());
    assertInstanceOf(Outcome.Left.class, ended(job.done(Step.PAUSE)));
  }

  @Test
  void aQuitWhileWaitingFindsNothingToPause() {
    Driven job = Driven.fetchingTheImage().failed(Step.IMAGE, new Failure.NetworkNeeded()).quit();
    assertEquals(List.of("LOOK"), job.does());
    assertInstanceOf(Outcome.Left.class, ended(job.sighted(new Sighting.Absent())));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"ENGINE", "PAUSE", "UNPAUSE", "STOP", "COPY_OUT", "REMOVE"})
  void anAbortCancelsTheStepAndRemovesEverything(Step step) {
    Driven job = Driven.in(inProgress(step)).abort();
    assertEquals(List.of("CANCEL"), job.does());
    assertEquals(List.of("REMOVE"), job.failed(step, CANCELLED).does());
    assertEquals(new Outcome.Aborted(), ended(job.done(Step.REMOVE)));
  }

  @Test
  void anAbortWhileTheEngineIsLookedForStillRemovesEverything() {
    Driven job = Driven.start().abort();
    assertEquals(List.of(), job.does());
    assertEquals(List.of("REMOVE"), job.done(Step.ENGINE).does());
    assertEquals(new Outcome.Aborted(), ended(job.done(Step.REMOVE)));
  }

  @Test
  void anAbortWhileWaitingRemovesAtOnce() {
    Driven job = Driven.fetchingTheImage().failed(Step.IMAGE, new Failure.NetworkNeeded()).abort();
    assertEquals(List.of("REMOVE"), job.does());
  }

  @Test
  void aRereadOfInitDataChangesNothing() {
    Driven job = Driven.fetchingTheImage();
    JobState before = job.state();
    assertEquals(before, job.asked(ClientRequest.REREAD_APP_INFO).state());
    assertEquals(List.of(), job.does());
  }

  private static Driven looking() {
    return Driven.start().done(Step.ENGINE, Step.PLAN);
  }

  private static JobState inProgress(Step step) {
    return JobState.Preparing.doing(step, Wishes.NONE, Trouble.NONE);
  }

  private static Outcome ended(Driven job) {
    return assertInstanceOf(Ended.class, job.state()).outcome();
  }
}
