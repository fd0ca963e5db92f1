package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.job.Origin;
import org.junit.jupiter.api.Test;

/** Checkpoints that the job makes itself; this client's disk interval is five minutes. */
class CheckpointPlanningTest {
  @Test
  void aJobThatSaysNothingMakesNone() {
    assertEquals(Optional.empty(), PlanCase.of().plan().checkpoint());
    assertEquals(
        Optional.empty(),
        PlanCase.of("checkpoint.method = \"none\"").plan().checkpoint(),
        "none is honest about it");
    assertFalse(PlanCase.of().plan().container().env().containsKey("BOINC_CHECKPOINT_PERIOD"));
  }

  @Test
  void theFileIsWhereTheJobWritesIt() {
    CheckpointPlan mounted = of("checkpoint.file = \"state\"");
    assertEquals(Optional.of(PlanCase.WORK.resolve("state")), mounted.file());
    assertEquals(Optional.empty(), mounted.path());
    assertFalse(mounted.isAsked(), "it makes them when it likes");

    CheckpointPlan copied = of("files.slot = \"\"", "checkpoint.file = \"/data/state\"");
    assertEquals(Optional.empty(), copied.file());
    assertEquals(Optional.of("/data/state"), copied.path());
  }

  @Test
  void itIsNeverAskedMoreOftenThanTheVolunteersDiskMayBeUsed() {
    assertEquals(Duration.ofMinutes(5), of("checkpoint.command = [\"save\"]").period());
    JobPlan eager =
        PlanCase.of("checkpoint.command = [\"save\"]", "checkpoint.period = \"1m\"").plan();
    assertEquals(Duration.ofMinutes(5), eager.checkpoint().orElseThrow().period());
    assertEquals(
        new Origin(Origin.Source.CLIENT, "checkpoint_period"),
        eager.origins().get("checkpoint.period"));
    assertEquals("300", eager.container().env().get("BOINC_CHECKPOINT_PERIOD"));

    CheckpointPlan patient =
        of("checkpoint.command = [\"save\", \"all\"]", "checkpoint.period = \"20m\"");
    assertEquals(Duration.ofMinutes(20), patient.period());
    assertEquals(List.of("save", "all"), patient.command());
  }

  @Test
  void aQuitEndsTheContainerUnlessTheVolunteerLeavesJobsInMemory() {
    CheckpointPlan automatic = of("checkpoint.file = \"state\"");
    assertTrue(automatic.endsOnQuit(false));
    assertFalse(automatic.endsOnQuit(true));
    assertFalse(
        of("checkpoint.file = \"state\"", "checkpoint.on_quit = \"pause\"").endsOnQuit(false));
    assertTrue(of("checkpoint.file = \"state\"", "checkpoint.on_quit = \"stop\"").endsOnQuit(true));
  }

  private static CheckpointPlan of(String... lines) {
    return PlanCase.of(lines).plan().checkpoint().orElseThrow();
  }
}
