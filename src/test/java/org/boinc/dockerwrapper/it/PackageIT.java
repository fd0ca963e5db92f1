package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.cli.BoincDocker;
import org.boinc.dockerwrapper.pack.UpdateVersions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code boinc-docker package} makes is a job again: app version, staged files and templates,
 * put where a client would have them, give the chapter's outputs.
 */
@Timeout(300)
class PackageIT {
  private static final Path COOKBOOK = Path.of("cookbook");

  @TempDir Path directory;

  @BeforeAll
  static void engineAnswers() throws Exception {
    TestEngine.locate();
  }

  @ParameterizedTest
  @CsvSource({
    "01-copy-mode,app-version",
    "01-copy-mode,universal",
    "02-mounted-slot,semi-universal",
    "03-wiki-example,app-version",
    "03-wiki-example,universal"
  })
  void aPackagedChapterRuns(String name, String model) throws Exception {
    Path chapter = COOKBOOK.resolve(name);
    Path release = directory.resolve("release");
    JsonNode made = new ObjectMapper().readTree(pack(chapter, model, release));
    assertEquals(1, new UpdateVersions(release).run().size());
    Path job = installed(chapter, release, made);
    String said = boincDocker("simulate", job.toString());
    assertTrue(said.contains("\nvalid: "), said);
  }

  private String pack(Path chapter, String model, Path release) throws Exception {
    return boincDocker(
        "package",
        chapter.toString(),
        "--app=worker",
        "--version=1.0",
        "--plan-class=docker",
        "--platform=scripts/docker_wrapper=x86_64-pc-linux-gnu",
        "--model=" + model,
        "--out=" + release,
        "--json");
  }

  /** The app version's directory, and beside it what the workunit brings. */
  private Path installed(Path chapter, Path release, JsonNode made) throws IOException {
    Path job = directory.resolve("job");
    copy(release.resolve(made.get("app_versions").get(0).get("directory").asText()), job);
    Files.copy(
        release.resolve(made.get("input_template").asText()), job.resolve("input_template.xml"));
    Files.copy(
        release.resolve(made.get("output_template").asText()), job.resolve("output_template.xml"));
    copy(chapter.resolve("inputs"), job.resolve("inputs"));
    copy(chapter.resolve("expected"), job.resolve("expected"));
    for (JsonNode file : made.get("stage")) {
      Path input = job.resolve("inputs").resolve(file.get("logical_name").asText());
      Files.createDirectories(input.getParent());
      Files.copy(release.resolve("stage").resolve(file.get("physical_name").asText()), input);
    }
    return job;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted().toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  private String boincDocker(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BoincDocker.class.getName()));
    command.addAll(List.of(arguments));
    Path out = directory.resolve("out." + arguments[0]);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      assertTrue(process.waitFor(4, TimeUnit.MINUTES), "in time");
      assertEquals(0, process.exitValue(), Files.readString(out));
      return Files.readString(out);
    } finally {
      process.destroy();
    }
  }
}
