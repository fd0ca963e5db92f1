package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.boinc.dockerwrapper.engine.Images;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code boinc-docker build}, with the command line of the engine that the tests run on. */
@Tag(EngineUnderTest.ANY)
final class BuildIT extends JobTest {
  private static final Path NOTHING = Path.of("/dev/null");
  private static final int LAYER = 200_000;

  private Images images() {
    return jobs.engine().engine().images();
  }

  /** A directory to build in: a layer that stays, and one that does not. */
  private Path context(String marker) throws IOException {
    Path directory = Files.createTempDirectory(data, "context");
    byte[] large = new byte[LAYER];
    new Random(1).nextBytes(large);
    Files.write(directory.resolve("large"), large);
    Files.setLastModifiedTime(directory.resolve("large"), FileTime.fromMillis(0));
    Files.writeString(
        directory.resolve("Dockerfile"),
        "FROM %s\nCOPY large /large\nRUN echo %s >/marker\n".formatted(TestEngine.IMAGE, marker));
    return directory;
  }

  /** Runs the verb as a user with nobody's logins but this test's. */
  private Verb build(String... words) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("build", "--engine", EngineUnderTest.IT.program()));
    all.addAll(List.of(words));
    return Verb.run(data, environment(), NOTHING, all.toArray(String[]::new));
  }

  private Map<String, String> environment() {
    String socket = jobs.engine().endpoint().toString();
    return Map.of(
        "DOCKER_HOST",
        socket,
        "CONTAINER_HOST",
        socket,
        "DOCKER_CONFIG",
        data.resolve("docker").toString(),
        "REGISTRY_AUTH_FILE",
        data.resolve("auth.json").toString(),
        "DOCKER_BUILDKIT",
        "0");
  }

  private Job.Builder showing(String prefix, String image) {
    return jobs.job(prefix)
        .toml(
            """
            schema = 1
            %s
            [container]
            command = ["sh", "-c", "cat /marker >out; wc -c </large >>out"]
            """
                .formatted(image))
        .file(SimulatedFile.output("out"));
  }

  @Test
  void anImageIsPushedUnderAllItsNamesAfterALoginAndTheLinesPrintedRunIt() throws Exception {
    try (TinyRegistry registry = new TinyRegistry()) {
      registry.requireLogin("admin", "s3cret-of-the-admin");
      String exact = registry.reference("team/worker:1.1");
      String rough = registry.reference("team/worker:1");
      Path context = context("pushed");

      Verb refused = build("-t", exact, "--push", context.toString());
      assertEquals(3, refused.status(), refused.err());
      String screen = login(registry.reference("").replaceFirst("/$", ""), context);
      assertTrue(screen.contains("digest = \"sha256:"), screen);
      assertFalse(screen.contains("s3cret"), screen);

      String lines = build("-t", exact, "-t", rough, "--push", context.toString()).ended(0);
      List<String> manifests =
          registry.requests().stream().filter(r -> r.startsWith("PUT /v2/team/worker/m")).toList();
      assertEquals(
          List.of("PUT /v2/team/worker/manifests/1.1", "PUT /v2/team/worker/manifests/1"),
          manifests);
      images().remove(exact);
      images().remove(rough);

      assertTrue(
          lines.startsWith("[image]\nname   = \"" + exact + "\"\ndigest = \"sha256:"), lines);
      Job job =
          showing("pushed", lines + "registry = { user = \"admin\", password_file = \"token\" }")
              .file(SimulatedFile.input("token", "s3cret-of-the-admin\n"))
              .prepare();
      job.runToCompletion();
      assertEquals("pushed\n" + LAYER + "\n", job.output("out"));
      images().remove(exact);
    }
  }

  /** By a person's fingers, on a terminal; the build that follows is another. */
  private String login(String server, Path context) throws Exception {
    Path screen = data.resolve("screen");
    ProcessBuilder terminal =
        new ProcessBuilder(
                "script",
                "-qefc",
                "scripts/boinc-docker build --engine %s --login %s %s"
                    .formatted(EngineUnderTest.IT.program(), server, context),
                "/dev/null")
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .redirectErrorStream(true)
            .redirectOutput(screen.toFile());
    terminal.environment().putAll(environment());
    Process process = terminal.start();
    try (var keys = process.getOutputStream()) {
      Await.until("user", Job.PATIENCE, () -> Files.readString(screen).contains("Username:"));
      keys.write("admin\n".getBytes(StandardCharsets.UTF_8));
      keys.flush();
      Await.until("password", Job.PATIENCE, () -> Files.readString(screen).contains("Password:"));
      keys.write("s3cret-of-the-admin\n".getBytes(StandardCharsets.UTF_8));
      keys.flush();
      assertTrue(process.waitFor(3, TimeUnit.MINUTES), "in time");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), Files.readString(screen));
    return Files.readString(screen);
  }

  @Test
  void savedLayersAreFilesOfTheJobAndThoseThatStayAreTheSameFiles() throws Exception {
    Path image = data.resolve("image.tar.gz");
    Path lower = data.resolve("image-1.tar.gz");
    build("--save", image.toString(), "--split", "100k", context("old").toString()).ended(0);
    byte[] before = Files.readAllBytes(lower);
    String said =
        build("--save", image.toString(), "--split", "100k", "--json", context("new").toString())
            .ended(0);
    JsonObject built = JsonParser.parseString(said).getAsJsonObject();
    assertTrue(Files.size(lower) > LAYER, () -> "the layer's bytes are in " + lower);
    assertArrayEquals(before, Files.readAllBytes(lower), "nobody downloads it again");
    images().remove(built.get("id").getAsString());

    Job job =
        showing(
                "layers",
                "[image]\nfiles = [\"image-1.tar.gz\", \"image.tar.gz\"]\ndigest = \"%s\""
                    .formatted(built.get("digest").getAsString()))
            .file(SimulatedFile.input("image-1.tar.gz", file -> Files.copy(lower, file)))
            .file(SimulatedFile.input("image.tar.gz", file -> Files.copy(image, file)))
            .prepare();
    job.runToCompletion();
    assertEquals("new\n" + LAYER + "\n", job.output("out"));
  }

  @Test
  void aBuildThatFailsSaysSoAndLeavesNothing() throws Exception {
    Path context = context("broken");
    Files.writeString(context.resolve("Dockerfile"), "FROM " + TestEngine.IMAGE + "\nRUN exit 7\n");
    Path image = data.resolve("none.tar");
    Verb failed = build("--save", image.toString(), "--", "--no-cache", context.toString());
    assertEquals(1, failed.status(), failed.err());
    assertTrue(failed.err().contains("7"), failed.err());
    assertEquals("", failed.out());
    assertFalse(Files.exists(image));
  }
}
