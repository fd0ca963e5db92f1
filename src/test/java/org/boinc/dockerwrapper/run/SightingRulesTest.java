package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.run.JobState.Link;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SightingRulesTest {
  @ParameterizedTest
  @CsvSource({
    "CREATED, Created",
    "RUNNING, Running",
    "RESTARTING, Running",
    "PAUSED, Paused",
    "REMOVING, Absent",
    "DEAD, Absent",
    "EXITED, Exited"
  })
  void anEnginesWordMeans(ContainerState state, String sighting) {
    Sighting read = SightingRules.read(container(state, 0, false), false, false, false, 0, false);
    assertEquals(sighting, read.getClass().getSimpleName());
  }

  @Test
  void noWordOfTheEnginesIsForgotten() {
    assertEquals(7, ContainerState.values().length, "a line for each in the test above");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 136, 138, 139, 254})
  void whoEndedByHimselfIsNotRunAgain(int status) {
    assertEquals(new Sighting.Exited(new PayloadExit(status, false)), unwatched(status, true, 0));
  }

  @Test
  void aStatusOf255MeansAPowerFailureOnlyIfTheHostWasRestarted() {
    assertInstanceOf(Sighting.Killed.class, unwatched(255, true, 0));
    assertEquals(new Sighting.Exited(new PayloadExit(255, false)), unwatched(255, false, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {137, 143})
  void c34WhoWasKilledWhileNobodyWatchedIsRunAgain(int status) {
    Sighting.Killed reboot = assertInstanceOf(Sighting.Killed.class, unwatched(status, true, 0));
    assertTrue(reboot.why().startsWith("the host was restarted"), reboot.why());
    Sighting.Killed engine = assertInstanceOf(Sighting.Killed.class, unwatched(status, false, 0));
    assertTrue(engine.why().contains("restart of the engine"), engine.why());
    assertTrue(engine.why().contains("status " + status), engine.why());
  }

  @ParameterizedTest
  @ValueSource(ints = {137, 143, 255})
  void aDeathThatWasWatchedIsTheJobsOwn(int status) {
    Sighting read =
        SightingRules.read(
            container(ContainerState.EXITED, status, false), true, false, false, 0, false);
    assertEquals(new Sighting.Exited(new PayloadExit(status, false)), read);
  }

  @Test
  void outOfMemoryIsTheJobsOwnEvenIfNobodyWatched() {
    Sighting read =
        SightingRules.read(
            container(ContainerState.EXITED, 137, true), false, true, false, 0, false);
    assertEquals(new Sighting.Exited(new PayloadExit(137, true)), read);
  }

  @Test
  void aJobThatDiesUnwatchedAgainAndAgainIsToBlameItself() {
    assertInstanceOf(Sighting.Killed.class, unwatched(137, false, 2));
    assertInstanceOf(Sighting.Exited.class, unwatched(137, false, 3));
  }

  @ParameterizedTest
  @CsvSource({"false, bridge, NONE", "false, '', NONE", "true, bridge, UP", "true, '', DOWN"})
  void aJobWithANetworkIsOnItOrOff(boolean networked, String network, Link link) {
    Set<String> networks = network.isEmpty() ? Set.of() : Set.of(network);
    assertEquals(
        new Sighting.Running(link),
        SightingRules.read(
            container(ContainerState.RUNNING, 0, false, networks),
            true,
            false,
            false,
            0,
            networked));
    assertEquals(
        new Sighting.Paused(link),
        SightingRules.read(
            container(ContainerState.PAUSED, 0, false, networks),
            true,
            false,
            false,
            0,
            networked));
  }

  private static Sighting unwatched(int status, boolean rebooted, int deaths) {
    return SightingRules.read(
        container(ContainerState.EXITED, status, false), false, rebooted, false, deaths, false);
  }

  @Test
  void aContainerThatAQuitEndedGoesOnHoweverOftenThatHappened() {
    assertInstanceOf(Sighting.Killed.class, parked(137, false));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 143})
  void whoEndedByHimselfRightBeforeAQuitIsNotRunAgain(int status) {
    assertEquals(new Sighting.Exited(new PayloadExit(status, false)), parked(status, false));
  }

  @Test
  void outOfMemoryRightBeforeAQuitIsTheJobsOwn() {
    assertEquals(new Sighting.Exited(new PayloadExit(137, true)), parked(137, true));
  }

  private static Sighting parked(int status, boolean oom) {
    return SightingRules.read(
        container(ContainerState.EXITED, status, oom), false, false, true, 100, false);
  }

  private static ContainerSighting container(ContainerState state, int status, boolean oom) {
    return container(state, status, oom, Set.of());
  }

  private static ContainerSighting container(
      ContainerState state, int status, boolean oom, Set<String> networks) {
    return new ContainerSighting(
        "id",
        "boinc_result",
        state,
        status,
        oom,
        "",
        Optional.empty(),
        Optional.empty(),
        0,
        "sha256:0",
        Map.of(),
        networks);
  }
}
