package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every chapter of the cookbook is followed as its README says: the commands in its {@code sh}
 * blocks, in order, in a directory that looks like this one.
 */
@Timeout(600)
class CookbookIT {
  private static final Path COOKBOOK = Path.of("cookbook");
  private static final String SIMULATE = "scripts/boinc-docker simulate ";

  @TempDir Path root;

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
  void aChapterCanBeFollowedByCopyAndPaste(Path chapter) throws Exception {
    try (Stream<Path> expected = Files.list(chapter.resolve("expected"))) {
      assertTrue(expected.findAny().isPresent(), "expected outputs");
    }
    List<String> commands = commands(chapter.resolve("README.md"));
    assertTrue(
        commands.stream()
            .anyMatch(line -> line.startsWith(SIMULATE) && line.endsWith(" " + chapter)),
        commands::toString);
    copy(chapter, root.resolve(chapter));
    Path scripts =
        Files.createSymbolicLink(root.resolve("scripts"), Path.of("scripts").toAbsolutePath());
    // A script is a wrapper, too, and a release's file is not there.
    Files.copy(Path.of("scripts/docker_wrapper"), root.resolve("docker_wrapper"));

    String said = follow(commands);

    Files.delete(scripts); // or JUnit warns of a link that leads out of its directory
    long runs = commands.stream().filter(line -> line.startsWith(SIMULATE)).count();
    assertEquals(runs, said.split("\nvalid: ", -1).length - 1, said);
    assertFalse(said.contains("warning: "), said);
  }

  private String follow(List<String> commands) throws IOException, InterruptedException {
    Path log = root.resolve("log");
    Process process =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", String.join("\n", commands))
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      int status = process.waitFor(9, TimeUnit.MINUTES) ? process.exitValue() : -1;
      String said = Files.readString(log);
      assertEquals(0, status, said);
      return said;
    } finally {
      process.destroy();
    }
  }

  /** The lines of a page's {@code sh} blocks. */
  private static List<String> commands(Path page) throws IOException {
    List<String> commands = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(page)) {
      boolean ends = line.startsWith("```");
      if (inside && !ends) {
        commands.add(line);
      }
      inside = ends ? line.equals("```sh") : inside;
    }
    return commands;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }
}
