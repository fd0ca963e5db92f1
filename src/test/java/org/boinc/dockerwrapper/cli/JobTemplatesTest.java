package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.pack.Programs;
import org.boinc.dockerwrapper.pack.ServerTemplates;
import org.boinc.dockerwrapper.pack.UpdateVersions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every directory of job-templates is sound by our rules and by the server's. */
class JobTemplatesTest {
  private static final String PLATFORM = "x86_64-pc-linux-gnu";

  @TempDir Path directory;

  static List<Path> directories() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("job-templates"))) {
      return files
          .filter(file -> file.endsWith("version.xml"))
          .map(Path::getParent)
          .sorted()
          .toList();
    }
  }

  @Test
  void thereIsADirectoryForEachModelAndMode() throws IOException {
    assertEquals(
        List.of(
            "app-version-copy",
            "app-version-mount",
            "desy-single",
            "nqsv",
            "universal-copy",
            "universal-mount",
            "workunit-copy",
            "workunit-mount"),
        directories().stream().map(path -> path.getFileName().toString()).toList());
  }

  @ParameterizedTest
  @MethodSource("directories")
  void nothingIsWrongWithAJob(Path job) {
    Verbs validate = Verbs.run("validate", job.toString());
    assertEquals("no problems\n", validate.out(), validate::err);
  }

  @ParameterizedTest
  @MethodSource("directories")
  void theServerTakesTheTemplatesAsTheyAre(Path job) throws IOException {
    assertEquals(List.of(), ServerTemplates.input(job.resolve("input_template.xml")));
    assertEquals(List.of(), ServerTemplates.output(job.resolve("output_template.xml")));
  }

  @ParameterizedTest
  @MethodSource("directories")
  void theServerTakesTheVersionAsItIs(Path job) throws IOException {
    Path version = directory.resolve("apps/worker/1.0/" + PLATFORM + "__docker");
    Files.createDirectories(version);
    Programs.elf(version.resolve("docker_wrapper"));
    TreeSet<String> lying = new TreeSet<>();
    try (Stream<Path> files = Files.list(job)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (!name.endsWith("_template.xml")) {
          Files.copy(file, version.resolve(name));
        }
        if (!name.endsWith(".xml")) {
          lying.add(name);
        }
      }
    }
    UpdateVersions.Added added = new UpdateVersions(directory).run().getFirst();
    assertEquals("8.2.0", added.apiVersion());
    assertTrue(added.wrapper());
    assertEquals("docker_wrapper", added.mainProgram().physicalName());
    assertEquals(List.copyOf(lying), added.logicalNames().stream().sorted().toList());
  }

  @ParameterizedTest
  @MethodSource("directories")
  void packagingKeepsWhatComesWithAppVersionAndWorkunit(Path job) throws IOException {
    String name = job.getFileName().toString();
    String model =
        name.startsWith("universal")
            ? "universal"
            : name.startsWith("workunit") ? "semi-universal" : "app-version";
    Path out = directory.resolve("release");
    Path wrapper = Programs.elf(directory.resolve("docker_wrapper"), "API_VERSION_8.3.0");
    Verbs made =
        Verbs.run(
            "package",
            job.toString(),
            "--app=worker",
            "--version=1.0",
            "--plan-class=docker",
            "--platform=" + wrapper + "=" + PLATFORM,
            "--model=" + model,
            "--out=" + out);
    assertEquals(ExitCode.DONE, made.status(), made::toString);
    assertEquals(
        Files.readString(job.resolve("input_template.xml")),
        Files.readString(out.resolve("templates/worker_1.0_in")));
    int ofAppVersion = new UpdateVersions(out).run().getFirst().logicalNames().size();
    try (Stream<Path> files = Files.list(job)) {
      assertEquals(
          files.filter(f -> Files.isRegularFile(f) && !f.toString().endsWith(".xml")).count(),
          ofAppVersion);
    }
  }
}
