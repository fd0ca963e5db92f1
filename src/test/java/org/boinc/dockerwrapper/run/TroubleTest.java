package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TroubleTest {
  private static final Duration BEGIN = Duration.ZERO;
  private static final Duration LATER = Duration.ofMinutes(11);

  @Test
  void anAbsenceLastsFromItsFirstFailureUntilALookIsAnswered() {
    Trouble away = Trouble.NONE.failed(Step.IMAGE, BEGIN).failed(Step.LOOK, Duration.ofMinutes(9));
    assertTrue(away.lasts(LATER));
    assertFalse(away.lasts(Duration.ofMinutes(10)));
    assertFalse(away.answered().lasts(LATER));
    assertFalse(away.answered().failed(Step.IMAGE, LATER).lasts(LATER.plusMinutes(10)));
  }

  @Test
  void failedLooksAreNoFailuresOfAStep() {
    Trouble away = Trouble.NONE;
    for (int look = 0; look < 100; look++) {
      away = away.failed(Step.LOOK, BEGIN);
    }
    assertFalse(away.repeats());
  }

  @Test
  void whatFailedIsMendedByThatStepOrALaterOneAndNotByAnEarlierOne() {
    Trouble once = Trouble.NONE.failed(Step.COPY_IN, BEGIN);
    assertEquals(once.answered(), once.done(Step.CREATE));
    assertEquals(Trouble.NONE, once.done(Step.COPY_IN));
    assertEquals(Trouble.NONE, once.done(Step.START));
    Trouble often = Trouble.NONE;
    for (int attempt = 0; attempt < Trouble.TRIES; attempt++) {
      assertFalse(often.repeats());
      often = often.answered().done(Step.CREATE).failed(Step.COPY_IN, BEGIN);
    }
    assertTrue(often.repeats());
  }
}
