package org.boinc.dockerwrapper.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.boinc.dockerwrapper.simulate.ClientScript.Step;
import org.boinc.dockerwrapper.simulate.ClientScript.Verb;
import org.boinc.dockerwrapper.simulate.ClientScript.When.After;
import org.boinc.dockerwrapper.simulate.ClientScript.When.AtFraction;
import org.junit.jupiter.api.Test;

class ClientScriptTest {
  @Test
  void timesAreMillisecondsSecondsMinutesOrPercent() {
    assertEquals(new After(Duration.ofMillis(500)), ClientScript.step("500ms", "quit").when());
    assertEquals(new After(Duration.ofSeconds(5)), ClientScript.step("5s", "quit").when());
    assertEquals(new After(Duration.ofMillis(1500)), ClientScript.step("1.5s", "quit").when());
    assertEquals(new After(Duration.ofMinutes(2)), ClientScript.step("2m", "quit").when());
    assertEquals(new AtFraction(0.3), ClientScript.step("30%", "quit").when());
  }

  @Test
  void everyVerbIsReadAsItIsWritten() {
    for (Verb verb : Verb.values()) {
      assertEquals(verb, ClientScript.step("1s", verb.word()).verb());
    }
    assertEquals(Verb.KILL, ClientScript.step("1s", "kill-9").verb());
    assertEquals(Verb.KILL, ClientScript.step("1s", "kill").verb());
  }

  @Test
  void stepsArePlayedInTheOrderOfTime() {
    Step late = ClientScript.step("2m", "quit");
    Step early = ClientScript.step("5s", "suspend");
    Step fraction = ClientScript.step("10%", "reread");
    assertEquals(
        List.of(early, late, fraction), new ClientScript(List.of(fraction, late, early)).steps());
  }

  @Test
  void unknownVerbIsAnsweredWithTheKnownOnes() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> ClientScript.step("1s", "pause"));
    assertTrue(String.valueOf(refused.getMessage()).contains("'pause'"), refused::getMessage);
    assertTrue(String.valueOf(refused.getMessage()).contains("kill -9"), refused::getMessage);
  }

  @Test
  void numberWithoutUnitIsNoTime() {
    for (String text : List.of("5", "s", "-1s", "5h", "")) {
      assertThrows(IllegalArgumentException.class, () -> ClientScript.step(text, "quit"), text);
    }
  }
}
