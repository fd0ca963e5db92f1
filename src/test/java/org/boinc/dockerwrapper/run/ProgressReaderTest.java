package org.boinc.dockerwrapper.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressReaderTest {
  @Test
  void thereIsNoFractionBeforeTheFirst() {
    ProgressReader progress = reader();
    assertEquals(OptionalDouble.empty(), progress.fraction());
    progress.file("0\n".getBytes(UTF_8));
    assertEquals(OptionalDouble.empty(), progress.fraction());
  }

  @Test
  void c50OnlyNumbersCountAndNoneBeyondOne() {
    ProgressReader progress = reader();
    progress.file("0.25".getBytes(UTF_8));
    assertEquals(OptionalDouble.of(0.25), progress.fraction());
    for (String odd : List.of("nan", "NaN", "", "\n", "infinity", "-1", "0.", "x", "\0\0")) {
      progress.file(odd.getBytes(UTF_8));
      assertEquals(OptionalDouble.of(0.25), progress.fraction(), odd);
    }
    progress.file("7".getBytes(UTF_8));
    assertEquals(OptionalDouble.of(1), progress.fraction());
  }

  @Test
  void theLastLineCounts() {
    ProgressReader progress = reader();
    progress.file("0.1\n0.2\r\n 0.3 \n".getBytes(UTF_8));
    assertEquals(OptionalDouble.of(0.3), progress.fraction());
  }

  @Test
  void progressNeverGoesBack() {
    ProgressReader progress = reader("(\\d+)%");
    progress.line("60%");
    progress.line("40%");
    progress.file("0.5".getBytes(UTF_8));
    assertEquals(OptionalDouble.of(0.6), progress.fraction());
  }

  @ParameterizedTest
  @CsvSource({
    "'step (\\d+)/(\\d+)', step 3/4, 0.75",
    "'(\\d+)%', at 25% now, 0.25",
    "'(\\d+)%', 1%, 0.01",
    "'(\\d+)% done', 1% done, 0.01",
    "'progress ([0-9.]+)', progress 0.5, 0.5",
    "'progress ([0-9.]+)', progress 50, 0.5",
    "'([0-9.]+) of ([0-9.]+)', 1.5 of 3.0, 0.5"
  })
  void aPatternReadsDoneOfTotalAPercentageOrAFraction(String pattern, String line, double is) {
    ProgressReader progress = reader(pattern);
    progress.line(line);
    assertEquals(is, progress.fraction().orElseThrow(), 1e-9);
  }

  @Test
  void everyPatternIsTried() {
    ProgressReader progress = reader("epoch (\\d+)/(\\d+)", "(\\d+)%");
    progress.line("10%");
    progress.line("epoch 1/2");
    assertEquals(OptionalDouble.of(0.5), progress.fraction());
  }

  @ParameterizedTest
  @ValueSource(strings = {"step 3/0", "step 0/0", "step 3/x", "nothing here", "at all", ""})
  void aLineThatGivesNoNumberIsPassedOver(String line) {
    ProgressReader progress = reader("step (\\S+)/(\\S+)", "at (\\d+)?", "(\\S+) here");
    progress.line(line);
    assertEquals(OptionalDouble.empty(), progress.fraction());
  }

  @Test
  void aPatternThatTakesForeverCostsNoMoreThanAMoment() {
    ProgressReader progress = reader("(x+x+)+y", "(\\d+)%");
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> progress.line("x".repeat(4000)), "one line");
    progress.line("30%");
    assertEquals(OptionalDouble.of(0.3), progress.fraction(), "the other pattern goes on");
  }

  @Test
  void aPatternThatNeedsTooDeepAStackIsPassedOver() {
    ProgressReader progress = reader("((?:ab|cd|ef)*)%", "(\\d+)!");
    progress.line("ab".repeat(4000) + "%");
    progress.line("1!");
    assertTrue(progress.fraction().isPresent());
  }

  @Test
  void onlyTheBeginningOfALongLineIsLookedAt() {
    ProgressReader progress = reader("(\\d+)%");
    progress.line(" ".repeat(5000) + "50%");
    assertEquals(OptionalDouble.empty(), progress.fraction());
    progress.line("50%" + " ".repeat(5_000_000));
    assertEquals(OptionalDouble.of(0.5), progress.fraction());
  }

  private static ProgressReader reader(String... patterns) {
    return new ProgressReader(Arrays.stream(patterns).map(Pattern::compile).toList());
  }
}
