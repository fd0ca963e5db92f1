package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.boinc.dockerwrapper.engine.FileStamp;
import org.junit.jupiter.api.Test;

class SettlingTest {
  private final Settling settling = new Settling();

  private boolean look(int second, long bytes, String changed) {
    return settling.isAtRest("part", Optional.of(new FileStamp(bytes, changed)), second);
  }

  @Test
  void aFileThatHasNotChangedForTenSecondsIsAtRest() {
    for (int second = 1; second <= Settling.REST; second++) {
      assertFalse(look(second, 5, "t"), "second " + second);
    }
    assertTrue(look(Settling.REST + 1, 5, "t"));
    assertTrue(look(Settling.REST + 2, 5, "t"), "and stays so, until it is asked for");
  }

  @Test
  void twoLooksThatAreFarEnoughApartDo() {
    assertFalse(look(10, 5, "t"));
    assertTrue(look(20, 5, "t"));
  }

  @Test
  void everyChangeBeginsAnew() {
    assertFalse(look(10, 5, "t"));
    assertFalse(look(20, 6, "t"), "it grew");
    assertFalse(look(30, 6, "u"), "it was written again");
    assertTrue(look(40, 6, "u"));
  }

  @Test
  void anEmptyFileIsOneThatTheJobHasOnlyOpened() {
    assertFalse(look(10, 0, "t"));
    assertFalse(look(90, 0, "t"));
    assertFalse(look(91, 5, "t"));
    assertFalse(settling.isAtRest("part", Optional.empty(), 99), "it is gone");
    assertFalse(look(111, 5, "t"), "and back");
    assertTrue(look(121, 5, "t"));
  }

  @Test
  void filesDoNotMixUp() {
    assertFalse(look(10, 5, "t"));
    assertFalse(settling.isAtRest("other", Optional.of(new FileStamp(5, "t")), 20));
    assertTrue(look(20, 5, "t"));
  }
}
