package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.cli.BoincDocker;
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
    Path out = directory.resolve("out");
    int status = simulate(chapter, out);
    String said = Files.readString(out);
    assertEquals(0, status, said);
    assertTrue(said.contains("\nvalid: "), said);
    assertTrue(said.contains("1 episode\n"), said);
  }

  @ParameterizedTest
  @MethodSource("chapters")
  void aChaptersReadmeNamesItsOwnCommand(Path chapter) throws IOException {
    String readme = Files.readString(chapter.resolve("README.md"));
    assertTrue(readme.contains("scripts/boinc-docker simulate " + chapter), readme);
  }

  private static int simulate(Path chapter, Path out) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            BoincDocker.class.getName(),
            "simulate",
            chapter.toString());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      return process.waitFor(4, TimeUnit.MINUTES) ? process.exitValue() : -1;
    } finally {
      process.destroy();
    }
  }
}
