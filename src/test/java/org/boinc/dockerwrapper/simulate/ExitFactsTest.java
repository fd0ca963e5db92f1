package org.boinc.dockerwrapper.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.simulate.EpisodeEnd.TemporaryExit;
import org.junit.jupiter.api.Test;

class ExitFactsTest {
  private static final Optional<String> FINISHED = Optional.of("0");
  private static final TemporaryExit LATER = new TemporaryExit(60, "later", false);

  private static ExitFacts facts(int status) {
    return new ExitFacts(
        Optional.empty(), false, Optional.empty(), status, Optional.empty(), Optional.empty());
  }

  private static ExitFacts pending(ClientRequest request, int status) {
    return new ExitFacts(
        Optional.of(request), false, Optional.empty(), status, FINISHED, Optional.empty());
  }

  @Test
  void quitBeatsFinishFileAndStatus() {
    assertEquals(new EpisodeEnd.Quit(false, 0), pending(ClientRequest.QUIT, 0).decide());
    assertEquals(new EpisodeEnd.Quit(false, 3), pending(ClientRequest.QUIT, 3).decide());
    assertEquals(new EpisodeEnd.Aborted(false, 194), pending(ClientRequest.ABORT, 194).decide());
  }

  @Test
  void statusOfJvmThatGotSigtermIsComputeError() {
    assertEquals(new EpisodeEnd.ComputeError(143), facts(143).decide());
  }

  @Test
  void sigkillFromOutsideIsKill() {
    assertEquals(new EpisodeEnd.Killed("somebody sent SIGKILL"), facts(137).decide());
  }

  @Test
  void finishFileDoesNotSaveOtherStatus() {
    ExitFacts facts =
        new ExitFacts(
            Optional.empty(), false, Optional.empty(), 7, Optional.of("7"), Optional.empty());
    assertEquals(new EpisodeEnd.ComputeError(7), facts.decide());
  }

  @Test
  void temporaryExitCountsWhateverTheStatus() {
    ExitFacts facts =
        new ExitFacts(Optional.empty(), false, Optional.empty(), 7, FINISHED, Optional.of(LATER));
    assertEquals(LATER, facts.decide());
  }

  @Test
  void nextClientTakesFinishFileForSuccess() {
    ExitFacts facts =
        new ExitFacts(Optional.empty(), true, Optional.empty(), 0, FINISHED, Optional.empty());
    assertEquals(new EpisodeEnd.Completed(), facts.decide());
  }

  @Test
  void temporaryExitFileWithoutReasonCountsForNothing() {
    assertEquals(Optional.empty(), ExitFacts.temporaryExit(List.of("60")));
    assertEquals(Optional.of(LATER), ExitFacts.temporaryExit(List.of("60", "later")));
  }

  @Test
  void impossibleDelayBecomesFiveMinutes() {
    for (String delay : List.of("-1", "86401", "soon", "")) {
      assertEquals(
          Optional.of(new TemporaryExit(300, "x", true)),
          ExitFacts.temporaryExit(List.of(delay, "x", "notice")),
          delay);
    }
  }
}
