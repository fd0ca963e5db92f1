package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.ExitPlan;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.boinc.TemporaryExit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client finds after each way to end. */
class OutcomeTest {
  private static final ExitPlan BARE = ExitPlan.bare(0);

  static Stream<Arguments> table() {
    return Stream.of(
        row(new Outcome.Succeeded(), ExitPlan.finished(new FinishFile(0)), true),
        row(new Outcome.PayloadFailed(3, "status 3"), ExitPlan.finished(new FinishFile(3)), true),
        row(new Outcome.LimitHit(LimitKind.DISK, "disk"), ExitPlan.bare(196), true),
        row(new Outcome.LimitHit(LimitKind.TIME, "time"), ExitPlan.bare(197), true),
        row(new Outcome.LimitHit(LimitKind.MEMORY, "memory"), ExitPlan.bare(198), true),
        row(new Outcome.LimitHit(LimitKind.SIGNAL, "signal 9"), ExitPlan.bare(193), true),
        row(new Outcome.JobRejected(List.of("a", "b")), ExitPlan.bare(206), false),
        row(
            new Outcome.ConsentMissing("not agreed to"),
            ExitPlan.finished(new FinishFile(206, "not agreed to", true)),
            false),
        row(new Outcome.DeviceMissing("no GPU"), ExitPlan.bare(201), false),
        row(
            new Outcome.HostNotReady("engine down", Duration.ofMinutes(5)),
            ExitPlan.later(new TemporaryExit(Duration.ofMinutes(5), "engine down", false)),
            false),
        row(new Outcome.Left("the client asked to quit"), BARE, false),
        row(new Outcome.Aborted(), ExitPlan.bare(194), false),
        row(new Outcome.Bug("null"), ExitPlan.bare(204), false));
  }

  @ParameterizedTest
  @MethodSource("table")
  void theClientFindsFilesAndStatus(Outcome outcome, ExitPlan plan, boolean decided) {
    assertEquals(plan, outcome.exitPlan());
    assertEquals(decided, outcome.isDecided());
    assertFalse(outcome.sentences().isEmpty());
    assertTrue(outcome.sentences().stream().noneMatch(String::isBlank));
  }

  @Test
  void noOutcomeIsMissingInTheTable() {
    Set<Class<?>> seen =
        table().map(row -> row.get()[0].getClass()).collect(Collectors.toUnmodifiableSet());
    assertEquals(Set.copyOf(Arrays.asList(Outcome.class.getPermittedSubclasses())), seen);
  }

  @ParameterizedTest
  @ValueSource(ints = {192, 193, 195, 206, 209})
  void aPayloadsStatusThatMeansSomethingToBoincIsNotPassedOn(int status) {
    Outcome outcome = new Outcome.PayloadFailed(status, "the job ended with status " + status);
    assertEquals(195, outcome.exitPlan().status());
    assertEquals(List.of("the job ended with status " + status), outcome.sentences());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 128, 191, 210, 255})
  void c28AnyOtherStatusIs(int status) {
    ExitPlan plan = new Outcome.PayloadFailed(status, "x").exitPlan();
    assertEquals(status, plan.status());
    assertEquals(status, plan.finish().orElseThrow().status());
  }

  private static Arguments row(Outcome outcome, ExitPlan plan, boolean decided) {
    return Arguments.of(outcome, plan, decided);
  }
}
