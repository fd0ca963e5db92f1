package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every chapter of the cookbook runs as its README says, and gives what it says. */
@Timeout(300)
class CookbookIT {
  private static final Path COOKBOOK = Path.of("cookbook");

  @TempDir Path directory;

  @BeforeAll
  static void engineAnswers() throws Exception {
    TestEngine.locate();
  }

  static Stream<Path> chapters() throws IOException {
    try (Stream<Path> chapters = Files.list(COOKBOOK)) {
      return chapters.filter(Files::isDirectory).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("chapters")
  void aChapterRunsUnderTheSimulatedClient(Path chapter) throws Exception {
    assertTrue(Files.exists(chapter.resolve("README.md")), "README.md");
    try (Stream<Path> expected = Files.list(chapter.resolve("expected"))) {
      assertTrue(expected.findAny().isPresent(), "expected outputs");
    }
    Simulated.run(chapter, directory.resolve("log")).assertValid();
  }

  @ParameterizedTest
  @MethodSource("chapters")
  void aChaptersReadmeNamesItsOwnCommand(Path chapter) throws IOException {
    String readme = Files.readString(chapter.resolve("README.md"));
    assertTrue(readme.contains("scripts/boinc-docker simulate " + chapter), readme);
  }
}
