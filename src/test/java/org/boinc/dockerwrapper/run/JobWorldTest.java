package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.run.ModelWorld.Violation;
import org.boinc.dockerwrapper.run.Scenario.Message;
import org.boinc.dockerwrapper.run.Scenario.Mishap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No result lost, none started twice, none finished without its outputs, no container left: however
 * often and wherever the wrapper is killed, and whatever the client asks meanwhile.
 */
class JobWorldTest {
  private static final List<ClientRequest> REQUESTS =
      List.of(ClientRequest.SUSPEND, ClientRequest.RESUME, ClientRequest.QUIT, ClientRequest.ABORT);

  private int runs;

  @Test
  void aQuietJobSucceedsInOneGo() {
    ModelWorld world = live(Scenario.QUIET);
    assertEquals(Optional.of(new Outcome.Succeeded()), world.told());
    assertEquals(1, world.starts());
  }

  @Test
  void killedAnywhereUnderEveryScriptOfOneRequest() {
    forEachScript(1, script -> killedAnywhere(script, 1));
    assertTrue(runs > 2_000, "runs: " + runs);
  }

  /** At every eleventh operation; which ones changes from script to script. */
  @Test
  void killedUnderEveryScriptOfTwoRequests() {
    forEachScript(
        2,
        script -> {
          int operations = live(script).operations();
          for (int kill = 1 + runs % 11; kill <= operations; kill += 11) {
            live(script.killedAfter(kill));
          }
        });
    assertTrue(runs > 50_000, "runs: " + runs);
  }

  @Test
  void killedAnywhereTwice() {
    killedAnywhere(Scenario.QUIET, 2);
    assertTrue(runs > 1_000, "runs: " + runs);
  }

  @Test
  void killedAnywhereThreeTimes() {
    killedAnywhere(Scenario.QUIET, 3);
    assertTrue(runs > 10_000, "runs: " + runs);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 195})
  void aPayloadThatFailsIsNotTriedAgain(int status) {
    Scenario failing = Scenario.QUIET.exiting(status);
    Outcome outcome = live(failing).told().orElseThrow();
    assertEquals(status, assertInstanceOf(Outcome.PayloadFailed.class, outcome).status());
    killedAnywhere(failing, 1);
  }

  @Test
  void aRebootAnywhereStartsTheContainerAgainOnlyIfItWasNotDone() {
    int operations = live(Scenario.QUIET).operations();
    int restarted = 0;
    for (int kill = 1; kill <= operations; kill++) {
      ModelWorld world = live(Scenario.QUIET.rebootedAfter(kill));
      assertEquals(Optional.of(new Outcome.Succeeded()), world.told());
      restarted += world.starts() - 1;
    }
    assertTrue(restarted > 0 && restarted < operations / 2, "restarted " + restarted);
  }

  @Test
  void theJobIsOffTheNetworkWhileTheClientSuspendsIt() {
    int turns = live(Scenario.QUIET).turns();
    for (int from = 1; from <= turns; from++) {
      for (int length : List.of(1, 2, 3, 30)) {
        Scenario suspending = Scenario.QUIET.suspendingNetwork(from, from + length);
        killedAnywhere(suspending, 1);
        int steps = live(suspending).steps();
        for (Mishap mishap : Mishap.values()) {
          for (int step = 1; step <= steps; step++) {
            live(suspending.with(step, mishap));
          }
        }
      }
      forEachScript(Scenario.QUIET.suspendingNetwork(from, from + 30), 1, this::live);
    }
    assertTrue(runs > 5_000, "runs: " + runs);
  }

  @Test
  void aQuitThatEndsTheContainerLosesNothingWhereverTheWrapperIsKilled() {
    int[] restarted = {0};
    forEachScript(
        1,
        script -> {
          int operations = live(script.parking()).operations();
          for (int kill = 0; kill <= operations; kill++) {
            ModelWorld world = live(script.parking().killedAfter(kill));
            Outcome told = world.told().orElseGet(Outcome.Aborted::new);
            assertTrue(
                told instanceof Outcome.Succeeded || told instanceof Outcome.Aborted,
                told::toString);
            restarted[0] += world.starts() - 1;
          }
        });
    assertTrue(restarted[0] > 10, "restarted " + restarted[0]);
  }

  @ParameterizedTest
  @EnumSource
  void anEngineThatFailsOnceInAnyStepLosesNothing(Mishap mishap) {
    forEachScript(
        1,
        script -> {
          int steps = live(script).steps();
          for (int step = 1; step <= steps; step++) {
            live(script.with(step, mishap));
            live(script.parking().with(step, mishap));
          }
        });
    assertTrue(runs > 500, "runs: " + runs);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 9})
  void aJobBeyondItsLimitIsStoppedHoweverItEnds(int turns) {
    Scenario limited = Scenario.QUIET.limitedAfter(turns);
    assertInstanceOf(Outcome.LimitHit.class, live(limited).told().orElseThrow());
    forEachScript(1, script -> killedAnywhere(script.limitedAfter(turns), 1));
    for (Mishap mishap : Mishap.values()) {
      for (int step = 1; step <= 12; step++) {
        live(limited.with(step, mishap));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theModelFindsAFaultThatIsThere(SeededFault fault) {
    assertThrows(
        Violation.class,
        () ->
            forEachScript(
                1,
                script -> {
                  killedAnywhere(script, fault);
                  killedAnywhere(script.limitedAfter(8), fault);
                  new ModelWorld(script.suspendingNetwork(16, 99), fault).live();
                }));
  }

  private ModelWorld live(Scenario scenario) {
    runs++;
    return new ModelWorld(scenario, new Decider.Real()).live();
  }

  private void killedAnywhere(Scenario scenario, Decider decider) {
    int operations = live(scenario).operations();
    for (int kill = 0; kill <= operations; kill++) {
      new ModelWorld(scenario.killedAfter(kill), decider).live();
    }
  }

  /** Every way to be killed so often or less. */
  private void killedAnywhere(Scenario scenario, int kills) {
    int operations = live(scenario).operations();
    int first = scenario.kills().isEmpty() ? 1 : scenario.kills().getLast() + 1;
    for (int kill = first; kills > 0 && kill <= operations; kill++) {
      List<Integer> all = new ArrayList<>(scenario.kills());
      all.add(kill);
      killedAnywhere(scenario.killedAfter(all.toArray(Integer[]::new)), kills - 1);
    }
  }

  /** Every time and kind of so many requests or fewer. */
  private void forEachScript(int most, Consumer<Scenario> use) {
    forEachScript(Scenario.QUIET, most, use);
  }

  private void forEachScript(Scenario scenario, int most, Consumer<Scenario> use) {
    use.accept(scenario);
    int turns = most == 0 ? 0 : live(scenario).turns();
    int first = scenario.messages().isEmpty() ? 1 : scenario.messages().getLast().turn();
    for (int turn = first; turn <= turns; turn++) {
      for (ClientRequest request : REQUESTS) {
        List<Message> all = new ArrayList<>(scenario.messages());
        all.add(new Message(turn, request));
        forEachScript(scenario.with(all), most - 1, use);
      }
    }
  }
}
