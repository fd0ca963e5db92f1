package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.pack.ServerTemplates;
import org.boinc.dockerwrapper.pack.UpdateVersions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every chapter of the cookbook is followed as its README says: the commands in its {@code sh}
 * blocks, in order, in a directory that looks like this one.
 */
@Timeout(900)
class CookbookIT {
  private static final Path COOKBOOK = Path.of("cookbook");
  private static final String SIMULATE = "scripts/boinc-docker simulate ";

  /** One wants a GPU, the other a server. */
  private static final Set<String> WITHOUT_A_RUN = Set.of("12-gpu", "13-boinc-server");

  @TempDir Path root;

  @BeforeAll
  static void engineAnswers() throws Exception {
    TestEngine.locate();
  }

  static Stream<Path> chapters() throws IOException {
    try (Stream<Path> chapters = Files.list(COOKBOOK)) {
      return chapters.filter(Files::isDirectory).sorted().toList().stream()
          .filter(
              EngineUnderTest.IT == EngineUnderTest.DOCKER ? _ -> true : CookbookIT::typesNoDocker);
    }
  }

  /** On Podman its command line has another name, and another user's images. */
  private static boolean typesNoDocker(Path chapter) {
    try {
      return commands(chapter.resolve("README.md")).stream()
          .noneMatch(line -> line.startsWith("docker ") || line.contains("boinc-docker build"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @ParameterizedTest
  @MethodSource("chapters")
  void aChapterCanBeFollowedByCopyAndPaste(Path chapter) throws Exception {
    boolean runs = Files.isDirectory(chapter.resolve("expected"));
    assertEquals(!WITHOUT_A_RUN.contains(chapter.getFileName().toString()), runs, "expected/");
    List<String> commands = commands(chapter.resolve("README.md"));
    List<String> simulations = commands.stream().filter(line -> line.startsWith(SIMULATE)).toList();
    assertEquals(
        runs,
        simulations.stream().anyMatch(line -> line.endsWith(" " + chapter)),
        commands::toString);
    prepare(chapter);

    String said = follow(chapter, commands);

    assertEquals(simulations.size(), said.split("\nvalid: ", -1).length - 1, said);
    assertFalse(said.contains("warning: "), said);
    Path release = root.resolve("release");
    if (Files.isDirectory(release)) {
      assertAServerTakes(release);
    }
  }

  private static void assertAServerTakes(Path release) throws Exception {
    assertEquals(1, new UpdateVersions(release).run().size());
    try (Stream<Path> templates = Files.list(release.resolve("templates"))) {
      for (Path template : templates.toList()) {
        boolean input = template.toString().endsWith("_in");
        assertEquals(
            List.of(), input ? ServerTemplates.input(template) : ServerTemplates.output(template));
      }
    }
  }

  /** A directory with what a reader has: this one's scripts, and the chapters. */
  private void prepare(Path chapter) throws Exception {
    if (chapter.endsWith("10-python-numpy")) {
      String program = EngineUnderTest.IT.program();
      assertEquals(0, run(List.of("scripts/debian-image", program), Path.of("."), Map.of()));
    }
    copy(chapter, root.resolve(chapter));
    Path first = COOKBOOK.resolve("01-copy-mode");
    if (!chapter.equals(first)) {
      copy(first, root.resolve(first));
    }
    // A script is a wrapper, too, and a release's file is not there.
    Files.copy(Path.of("scripts/docker_wrapper"), root.resolve("docker_wrapper"));
  }

  private String follow(Path chapter, List<String> commands) throws Exception {
    Path scripts =
        Files.createSymbolicLink(root.resolve("scripts"), Path.of("scripts").toAbsolutePath());
    List<String> shell = List.of("bash", "-euo", "pipefail", "-c", String.join("\n", commands));
    try {
      int status;
      if (chapter.endsWith("09-private-registry")) {
        try (TinyRegistry registry = new TinyRegistry()) {
          registry.requireLogin("reader", "t0ken");
          status = run(shell, root, loginsOf(registry));
        }
      } else {
        status = run(shell, root, Map.of());
      }
      String said = Files.readString(root.resolve("log"));
      assertEquals(0, status, said);
      return said;
    } finally {
      Files.delete(scripts); // or JUnit warns of a link that leads out of its directory
    }
  }

  /** As a reader would write them into the page's first lines. */
  private Map<String, String> loginsOf(TinyRegistry registry) {
    return Map.of(
        "REGISTRY",
        registry.reference("team"),
        "PUSH_USER",
        "reader",
        "PUSH_TOKEN",
        "t0ken",
        "DOCKER_CONFIG",
        root.resolve("docker").toString());
  }

  private int run(List<String> command, Path directory, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("log").toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      return process.waitFor(14, TimeUnit.MINUTES) ? process.exitValue() : -1;
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
