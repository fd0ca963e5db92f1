package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
  private static final List<String> NAMES =
      List.of("a", "b", "ab", "a.dat", "b.dat", "d/a.dat", "d/e/a.dat", "[", "a-b", "!", "]", "é");

  /** The Java library's is the measure, where it has time enough. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "*",
        "**",
        "?",
        "a*",
        "*.dat",
        "**.dat",
        "d/*",
        "*/*",
        "**/a.dat",
        "d/**",
        "[ab]",
        "[!a]*",
        "[a-b].dat",
        "{a,b}.dat",
        "{a,b,d/a}*",
        "{,a}b",
        "a[-]b",
        "*a*",
        "***",
        "\\?"
      })
  void aPatternFitsWhatJavasFits(String pattern) {
    var java = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    for (String name : NAMES) {
      assertEquals(
          java.matches(Path.of(name)), Glob.ofPath(pattern).matches(name), pattern + " " + name);
    }
  }

  @Test
  void noPatternTakesLong() {
    String name = "a".repeat(255);
    for (String pattern :
        List.of("*a".repeat(120) + "b", "{" + "*a".repeat(60) + "b,*}c", "*".repeat(250) + "b")) {
      assertTimeout(
          Duration.ofSeconds(5), () -> assertFalse(Glob.ofPath(pattern).matches(name), pattern));
    }
    String deep = "a/".repeat(120) + "x";
    assertTimeout(
        Duration.ofSeconds(5),
        () -> assertFalse(Glob.ofDockerignore("**/".repeat(80) + "b").matchesWithin(deep)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[a", "{a", "{a{b}}", "a\\"})
  void whatIsNoPatternIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Glob.ofPath(text));
  }
}
