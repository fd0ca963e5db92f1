package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternsTest {
  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, b/a, false",
    "a, a/b/c, true",
    "/a, a, true",
    "./a, a, true",
    "a/, a/b, true",
    "*.o, x.o, true",
    "*.o, d/x.o, false",
    "*/*.o, d/x.o, true",
    "**/*.o, x.o, true",
    "**/*.o, d/e/x.o, true",
    "a/**/z, a/z, true",
    "a/**/z, a/b/c/z, true",
    "a/**, a/b/c, true",
    "a/**, b, false",
    "**, anything/at/all, true",
    "?, a, true",
    "?, ab, false",
    "[a-c]x, bx, true",
    "[a-c]x, dx, false",
    "a.b, axb, false",
    "[, [, true",
    "d !d/keep, d/keep, false",
    "d !d/keep, d/drop, true",
    "!a a, a, true",
  })
  void patternsFitAsDockersDo(String patterns, String path, boolean matches) {
    assertEquals(matches, new PathPatterns(Arrays.asList(patterns.split(" ", -1))).matches(path));
  }

  @Test
  void commentsAndBlankLinesAreNoPatterns() {
    assertEquals(
        List.of("a", "!b"),
        PathPatterns.ofDockerignore(List.of("# a", "", "  a ", "   ", "!b")).patterns());
  }
}
