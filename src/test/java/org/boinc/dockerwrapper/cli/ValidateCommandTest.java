package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidateCommandTest {
  private static final Path CORPUS = Path.of("src/test/resources/job");
  private static final String MARK = "# expect: ";

  @TempDir Path directory;

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void outputs(String... openNames) throws IOException {
    StringBuilder template = new StringBuilder();
    for (String name : openNames) {
      template.append("<file_ref><open_name>").append(name).append("</open_name></file_ref>");
    }
    write("output_template.xml", template.toString());
  }

  private Verbs validate() {
    return Verbs.run("validate", directory.toString());
  }

  static Stream<Path> invalid() throws IOException {
    return files("invalid");
  }

  static Stream<Path> valid() throws IOException {
    return files("valid");
  }

  private static Stream<Path> files(String kind) throws IOException {
    try (Stream<Path> files = Files.list(CORPUS.resolve(kind))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void everySentenceOfAnInvalidFileIsPrintedAtOnce(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    List<String> sentences =
        Files.readString(file)
            .lines()
            .filter(line -> line.contains(MARK))
            .map(line -> line.substring(line.indexOf(MARK) + MARK.length()))
            .map(line -> line.replaceFirst("^job\\.toml", name))
            .toList();
    Verbs verbs = Verbs.run("validate", file.toString());
    assertEquals(ExitCode.PROBLEMS, verbs.status(), verbs::err);
    List<String> found =
        verbs.out().lines().map(line -> line.replaceFirst("^warning: ", "")).toList();
    assertEquals(sentences, found.subList(0, found.size() - 1));
    assertTrue(found.getLast().matches("\\d+ errors?, \\d+ warnings?"), verbs::out);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void aValidFileHasNoErrors(Path file) {
    assertEquals(ExitCode.DONE, Verbs.run("validate", file.toString()).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"01-copy-mode", "02-mounted-slot", "03-wiki-example"})
  void theCookbookHasNoProblems(String name) {
    assertEquals("no problems\n", Verbs.run("validate", "cookbook/" + name).out());
  }

  @Test
  void aJobWithoutImageAndInputsIsToldSoAtTheRightLines() throws IOException {
    write(
        "job.toml",
        """
        schema = 1

        [files]
        slot = ""
        in = [{ src = "data", dst = "/app/data" }]
        out = [{ src = "/app/result", dst = "result" }]
        """);
    outputs("out");
    Verbs verbs = validate();
    assertEquals(ExitCode.PROBLEMS, verbs.status());
    assertEquals(
        """
        job.toml: image: the slot holds no 'Dockerfile' and job.toml names no image; add a Dockerfile to the app version or the workunit, or set image.name or image.files
        job.toml:5: files.in: 'data' is not in the slot; declare it as a file of the app version or an input file of the workunit with this open_name
        output_template.xml: out: is declared, but no files.out of job.toml writes it and the slot is not mounted; add { src = "…", dst = "out" }
        warning: job.toml:6: files.out: 'result' is no output that output_template.xml declares; it stays in the slot and is never uploaded
        3 errors, 1 warning
        """,
        verbs.out());
  }

  @Test
  void imagesThatChangeUnderOnesFeetAreWarnedAbout() throws IOException {
    write("job.toml", "schema = 1\n[image]\nname = \"busybox\"\n");
    Verbs pulled = validate();
    assertEquals(ExitCode.DONE, pulled.status());
    assertEquals(
        """
        warning: job.toml:3: image.name: 'busybox' is whatever is newest when a host pulls it; name a tag, or set image.digest
        0 errors, 1 warning
        """,
        pulled.out());
    write("job.toml", "schema = 1\n");
    write(
        "Dockerfile",
        """
        ARG TAG=1
        FROM --platform=linux/amd64 debian:latest AS build
        FROM build AS second
        FROM app:$TAG
        from alpine
        FROM scratch
        FROM alpine:3.20
        """);
    assertEquals(
        """
        warning: Dockerfile:2: FROM: 'debian:latest' is whatever is newest when a host builds it; name a tag or a digest
        warning: Dockerfile:5: FROM: 'alpine' is whatever is newest when a host builds it; name a tag or a digest
        0 errors, 2 warnings
        """,
        validate().out());
  }

  @Test
  void aBuildThatFetchesWithoutANetworkIsWarnedAbout() throws IOException {
    write("Dockerfile", "FROM alpine:3.20\nRUN apk add gcc\nRUN echo curling\n");
    write("job.toml", "schema = 1\n[network]\nmode = \"nat\"\n");
    assertEquals("no problems\n", validate().out());
    write("job.toml", "schema = 1\n");
    assertEquals(
        """
        warning: Dockerfile:2: RUN: it has no network while the image is built, as the job has none; set network.mode = "nat"
        0 errors, 1 warning
        """,
        validate().out());
  }

  @Test
  void shellSyntaxWithoutAShellIsWarnedAbout() throws IOException {
    write(
        "job.toml",
        """
        schema = 1
        [image]
        name = "busybox:1"
        [container]
        command = "worker in > out"
        """);
    assertEquals(
        """
        warning: job.toml:5: container.command: '>' is a shell's syntax, and no shell is run; write ["/bin/sh", "-c", "…"] if the image has one
        0 errors, 1 warning
        """,
        validate().out());
    write(
        "job.toml",
        """
        schema = 1
        [image]
        name = "busybox:1"
        [container]
        command = ["/bin/sh", "-c", "worker", ">"]
        """);
    assertEquals("no problems\n", validate().out());
  }

  @Test
  void aJobThatNeedsAGpuIsValid() throws IOException {
    write("job.toml", "schema = 1\n[image]\nname = \"busybox:1\"\n[gpu]\nenabled = true\n");
    assertEquals("no problems\n", validate().out());
  }

  @Test
  void aDeclaredFileThatIsMissingIsSaidOnce() throws IOException {
    write(
        "job.toml",
        """
        schema = 1
        [image]
        name = "busybox:1"
        [files]
        in = [{ src = "in", dst = "/app2/in" }]
        """);
    write("input_template.xml", "<file_ref><open_name>in</open_name></file_ref>");
    assertEquals(
        """
        input_template.xml: declares in, but there is no file inputs/in
        1 error, 0 warnings
        """,
        validate().out());
  }

  @Test
  void templatesBesideTheFileAreRead() throws IOException {
    write("base.toml", "schema = 1\n[resources]\npids = 0\n");
    write("job.toml", "schema = 1\ntemplate = \"base\"\n");
    Verbs verbs = Verbs.run("validate", directory.resolve("job.toml").toString());
    assertEquals(ExitCode.PROBLEMS, verbs.status());
    assertTrue(verbs.out().startsWith("base.toml:3: resources.pids: 0 "), verbs::out);
  }

  @Test
  void jsonHasWhatTheTextHas() throws IOException {
    write("job.toml", "schema = 1\nverbos = 1\n");
    Verbs verbs = Verbs.run("validate", "--json", directory.toString());
    assertEquals(ExitCode.PROBLEMS, verbs.status());
    JsonNode root = new ObjectMapper().readTree(verbs.out());
    assertFalse(root.get("valid").booleanValue());
    JsonNode problem = root.get("problems").get(0);
    assertEquals("error", problem.get("severity").textValue());
    assertEquals("job.toml", problem.get("file").textValue());
    assertEquals(2, problem.get("line").intValue());
    assertEquals("verbos", problem.get("key").textValue());
    assertTrue(problem.get("what").textValue().contains("did you mean verbose?"));
  }

  @Test
  void whatIsNotThereIsAUsageError() {
    assertEquals(ExitCode.USAGE, Verbs.run("validate", "no/such/thing").status());
  }
}
