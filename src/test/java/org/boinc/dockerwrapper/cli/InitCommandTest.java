package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitCommandTest {
  @TempDir Path parent;

  private Path job() {
    return parent.resolve("my job");
  }

  private Verbs init(String... options) {
    String[] words = new String[options.length + 2];
    words[0] = "init";
    System.arraycopy(options, 0, words, 1, options.length);
    words[words.length - 1] = job().toString();
    return Verbs.run(words);
  }

  /** Texts and whether a file is executable, by name. */
  private static Map<String, String> contents(Path root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            root.relativize(file) + (Files.isExecutable(file) ? " (executable)" : ""),
            Files.readString(file, StandardCharsets.UTF_8));
      }
    }
    return contents;
  }

  @ParameterizedTest
  @CsvSource({
    "app-version, copy",
    "app-version, mount",
    "workunit, copy",
    "workunit, mount",
    "universal, copy",
    "universal, mount"
  })
  void theDirectoryIsTheOneOfJobTemplates(String model, String mode) throws IOException {
    Verbs init = init("--model", model, "--mode", mode);
    assertEquals(ExitCode.DONE, init.status(), init::err);
    assertEquals(contents(Path.of("job-templates", model + "-" + mode)), contents(job()));
  }

  @Test
  void withoutOptionsAllComesWithTheAppVersionAndTheSlotIsMounted() throws IOException {
    assertEquals(ExitCode.DONE, init().status());
    assertEquals(contents(Path.of("job-templates/app-version-mount")), contents(job()));
  }

  @Test
  void theCommandsToRunNextAreSaid() {
    Verbs init = init();
    assertTrue(init.out().contains("boinc-docker simulate '" + job() + "'\n"), init::out);
    assertEquals("no problems\n", Verbs.run("validate", job().toString()).out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"app-version", "universal"})
  void aTemplateIsNamedInTheJobFile(String model) throws IOException {
    assertEquals(
        ExitCode.DONE, init("--model", model, "--template", "docker-nvidia-network").status());
    assertEquals("no problems\n", Verbs.run("validate", job().toString()).out());
    Path jobFile =
        model.equals("universal") ? job().resolve("inputs/job.toml") : job().resolve("job.toml");
    assertTrue(
        Files.readString(jobFile).contains("\nschema = 1\ntemplate = \"docker-nvidia-network\"\n"));
  }

  @Test
  void aTemplateOfSeveralContainersIsABeginning() {
    assertEquals(ExitCode.DONE, init("--template", "docker-cluster").status());
    assertEquals("no problems\n", Verbs.run("validate", job().toString()).out());
  }

  @Test
  void aTemplateThatIsNotThereIsAMistakeOfTheCommandLine() {
    Verbs init = init("--template", "a\nb");
    assertEquals(ExitCode.USAGE, init.status());
    assertTrue(init.err().contains("there is no built-in template 'a\\nb'"), init::err);
    assertFalse(Files.exists(job()));
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Files.createDirectory(job());
    Files.writeString(job().resolve("mine"), "mine");
    Verbs init = init();
    assertEquals(ExitCode.HOST, init.status());
    assertTrue(init.err().contains("is not empty, and nothing is ever overwritten"), init::err);
    assertEquals(Map.of("mine", "mine"), contents(job()));
  }

  @Test
  void anEmptyDirectoryIsFilled() throws IOException {
    Files.createDirectory(job());
    assertEquals(ExitCode.DONE, init().status());
    assertTrue(Files.exists(job().resolve("job.toml")));
  }

  @Test
  void aFileOfThatNameIsLeftAlone() throws IOException {
    Files.writeString(job(), "mine");
    Verbs init = init();
    assertEquals(ExitCode.HOST, init.status(), init::err);
    assertEquals("mine", Files.readString(job()));
  }
}
