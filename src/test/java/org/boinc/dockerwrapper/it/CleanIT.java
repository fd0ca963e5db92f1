package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.clean.Finding;
import org.boinc.dockerwrapper.clean.Sweep;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.EngineHttpClient;
import org.boinc.dockerwrapper.engine.ListedContainer;
import org.boinc.dockerwrapper.engine.ListedImage;
import org.boinc.dockerwrapper.engine.ListedNetwork;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.run.ImageLedger;
import org.boinc.dockerwrapper.run.ImageUse;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;

/** What jobs leave behind is found and removed, and nothing else. */
final class CleanIT extends JobTest {
  private static final long NO_LIMIT = Long.MAX_VALUE;

  private Sweep sweep(long limit) throws IOException {
    return new Sweep(
        jobs.engine().engine(), data.toRealPath(), limit, Duration.ZERO, Duration.ofSeconds(30));
  }

  private Sweep.Report clean() throws Exception {
    Sweep.Report report = sweep(NO_LIMIT).clean();
    assertEquals(List.of(), report.problems());
    return report;
  }

  /** A job whose wrapper was killed, so that its container runs on. */
  private Job abandoned(String prefix) throws Exception {
    Job job = jobs.mounted(prefix, ENDLESS).start();
    job.await(ContainerState.RUNNING);
    job.client().kill9();
    job.end();
    return job;
  }

  private List<String> whys(Sweep.Report report, Finding.Fate fate) {
    return report.findings().stream()
        .filter(found -> found.fate() == fate)
        .map(Finding::why)
        .toList();
  }

  @Test
  void theContainerOfAWipedSlotGoesAndThoseOfLiveJobsAndOfOthersStay() throws Exception {
    Job wiped = abandoned("wiped");
    Job live = abandoned("live");
    String result = UUID.randomUUID().toString();
    String other =
        jobs.engine()
            .create(
                "true",
                Map.of(
                    Labels.CLIENT, data + "/other",
                    Labels.SLOT, data + "/other/slots/0",
                    Labels.RESULT, result));
    String foreign = jobs.engine().create("true");
    assertEquals(List.of(), wiped.slot().remove());

    Sweep.Report report = clean();

    assertEquals(List.of(), wiped.containers());
    assertEquals(1, report.removed().size(), report::toString);
    assertEquals(ContainerState.RUNNING, live.container().state());
    assertEquals(
        List.of("its result is in slot " + live.slot().directory().toRealPath()),
        whys(report, Finding.Fate.STAYS));
    for (String id : List.of(other, foreign)) {
      assertEquals(ContainerState.CREATED, jobs.engine().engine().containers().inspect(id).state());
    }
  }

  @Test
  void theContainerWhoseSlotHasAnotherJobGoes() throws Exception {
    Job earlier = abandoned("earlier");
    assertEquals(List.of(), earlier.slot().remove());
    Job next = jobs.mounted("next", "true").prepare();
    assertEquals(earlier.slot().directory(), next.slot().directory());
    Sweep.Report report = clean();
    assertEquals(List.of(), earlier.containers());
    assertTrue(
        whys(report, Finding.Fate.GOES).getFirst().endsWith("has another job"), report::toString);
  }

  @Test
  void aDryRunSaysTheSameAndRemovesNothing() throws Exception {
    Job wiped = abandoned("wiped");
    List<Path> stuck = wiped.slot().remove();
    assertEquals(List.of(), stuck);
    List<ListedContainer> before = ofClient();
    assertEquals(1, before.size());

    JsonObject dry = json(0, "clean", "--dry-run", "--json", "--data-dir", data.toString());
    assertEquals(before, ofClient());
    JsonObject real = json(0, "clean", "--json", "--data-dir", data.toString());
    assertEquals(List.of(), ofClient());

    assertEquals(withoutRemoved(dry), withoutRemoved(real));
    assertFalse(finding(dry).get("removed").getAsBoolean());
    assertTrue(finding(real).get("removed").getAsBoolean());
    assertEquals("goes", finding(real).get("fate").getAsString());
    assertEquals(before.getFirst().id(), finding(real).get("id").getAsString());
  }

  private static JsonObject finding(JsonObject report) {
    JsonArray findings = report.getAsJsonArray("findings");
    assertEquals(1, findings.size(), report::toString);
    return findings.get(0).getAsJsonObject();
  }

  private static List<JsonElement> withoutRemoved(JsonObject report) {
    List<JsonElement> findings = new ArrayList<>();
    for (JsonElement found : report.getAsJsonArray("findings")) {
      JsonObject copy = found.getAsJsonObject().deepCopy();
      copy.remove("removed");
      findings.add(copy);
    }
    return findings;
  }

  private List<ListedContainer> ofClient() throws Exception {
    String client = data.toRealPath().toString();
    return jobs.engine().engine().containers().list().stream()
        .filter(found -> client.equals(found.labels().get(Labels.CLIENT)))
        .toList();
  }

  private JsonObject json(int status, String... words) throws Exception {
    return new Gson().fromJson(verb(status, words), JsonObject.class);
  }

  private String verb(int status, String... words) throws Exception {
    Path out = Files.createTempFile(data, "out", "");
    Path err = Files.createTempFile(data, "err", "");
    List<String> command =
        new ArrayList<>(List.of(Path.of("scripts/boinc-docker").toAbsolutePath().toString()));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertEquals(status, Job.statusOf(process), Files.readString(err) + Files.readString(out));
    return Files.readString(out);
  }

  @Test
  void whatRunsUnderBoincIsListed() throws Exception {
    Job job = jobs.mounted("ps", UNTIL_GO).start();
    String name = job.await(ContainerState.RUNNING).name();
    String text = verb(0, "ps", "--data-dir", data.toString());
    assertTrue(
        text.lines()
            .anyMatch(line -> line.contains(job.slot().resultName()) && line.contains(" running ")),
        text);
    JsonArray listed =
        new Gson().fromJson(verb(0, "ps", "--json", "--data-dir", data + ""), JsonArray.class);
    assertEquals(1, listed.size(), listed::toString);
    assertEquals(name, listed.get(0).getAsJsonObject().get("container").getAsString());
    assertTrue(listed.get(0).getAsJsonObject().get("cpu_seconds").getAsDouble() > 0);
    job.go();
    job.endOfJob();
  }

  /** A job of an app version of its own, with an image of its own. */
  private Job.Builder ofAppVersion(String prefix, String script) {
    String app = prefix + UUID.randomUUID().toString().substring(0, 8);
    return jobs.job(prefix)
        .toml(
            """
            schema = 1
            [container]
            command = ["sh", "/app/job.sh"]
            stop_timeout = "1s"
            """)
        .script("job.sh", script)
        .slot(slot -> slot.appVersion(app, "docker", 100))
        .file(
            SimulatedFile.app(
                "Dockerfile", "FROM " + TestEngine.IMAGE + "\nRUN echo " + app + " >/marker\n"));
  }

  /** Images that the ledger of the simulated project names and that are on the engine. */
  private List<String> ourImages() throws Exception {
    List<String> present = new ArrayList<>();
    for (ImageUse use : ledger().read()) {
      if (jobs.engine().engine().images().find(use.name()).isPresent()) {
        present.add(use.name());
      }
    }
    return present;
  }

  private ImageLedger ledger() {
    return ImageLedger.of(data.resolve("projects/simulated.example_project"));
  }

  private void deleteFromProject(String end) throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("projects/simulated.example_project"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(end)).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void anImageGoesWhenItsAppVersionHasLeftTheProjectsDirectory() throws Exception {
    ofAppVersion("version", "true").prepare().runToCompletion();
    List<String> made = ourImages();
    assertEquals(1, made.size());
    assertEquals(List.of(), clean().removed());

    deleteFromProject("Dockerfile");
    Sweep.Report report = clean();

    assertEquals(made, report.removed().stream().map(Finding::title).toList());
    assertTrue(jobs.engine().engine().images().find(made.getFirst()).isEmpty());
    assertEquals(List.of(), ledger().read());
  }

  @Test
  void anImageInUseStaysAlsoWithoutItsAppVersionAndBeyondTheLimit() throws Exception {
    Job job = ofAppVersion("inUse", UNTIL_GO).start();
    job.await(ContainerState.RUNNING);
    List<String> made = ourImages();
    deleteFromProject("Dockerfile");
    Sweep.Report report = sweep(0).clean();
    assertEquals(List.of(), report.removed());
    assertTrue(whys(report, Finding.Fate.STAYS).contains("a container uses it"));
    assertEquals(made, ourImages());
    job.go();
    job.endOfJob();
  }

  @Test
  void aLoadedImageOfALeftProjectGoes() throws Exception {
    try (SavedImage image = SavedImage.build(jobs.engine(), data, "loaded")) {
      image.saveTo(data.resolve("image.tar"));
      jobs.engine().engine().images().remove(image.tag());
    }
    Job job =
        jobs.job("loaded")
            .toml(
                """
                schema = 1
                [image]
                files = ["image.tar"]
                [container]
                command = ["cat", "/marker"]
                """)
            .file(
                SimulatedFile.app("image.tar", file -> Files.copy(data.resolve("image.tar"), file)))
            .prepare();
    job.runToCompletion();
    List<String> made = ourImages();
    assertEquals(1, made.size());

    // It is gone with all its files when the volunteer leaves the project.
    assertEquals(List.of(), job.slot().remove());
    assertFalse(Files.exists(job.slot().projectDirectory()));
    assertEquals(1, clean().removed().size());

    assertTrue(jobs.engine().engine().images().find(made.getFirst()).isEmpty());
  }

  @Test
  void beyondTheLimitTheLeastRecentlyUsedImageGoesFirst() throws Exception {
    for (String prefix : List.of("young", "old")) {
      ofAppVersion(prefix, "true").prepare().runToCompletion();
    }
    List<ImageUse> noted = ledger().read();
    assertEquals(2, noted.size());
    List<ImageUse> aged = new ArrayList<>();
    for (ImageUse use : noted) {
      long age = use.name().contains("old") ? 7200 : 3600;
      aged.add(
          new ImageUse(
              use.endpoint(),
              use.name(),
              use.id(),
              use.workunit(),
              use.files(),
              use.lastUsed() - age));
    }
    ledger().write(aged);
    long bytes =
        jobs.engine().engine().images().list().stream()
            .filter(image -> noted.stream().anyMatch(use -> use.id().equals(image.id())))
            .mapToLong(ListedImage::bytes)
            .sum();

    assertEquals(List.of(), sweep(bytes).clean().removed());
    List<Finding> removed = sweep(bytes - 1).clean().removed();

    assertEquals(1, removed.size(), removed::toString);
    assertTrue(removed.getFirst().title().contains("old"), removed::toString);
    assertEquals(1, ourImages().size());
    assertEquals(1, sweep(0).clean().removed().size());
    assertEquals(List.of(), ledger().read());
  }

  @Test
  void aNetworkOfAGoneSlotGoes() throws Exception {
    String name = jobs.engine().name();
    String body =
        "{\"Name\":\"%s\",\"Internal\":true,\"Labels\":{\"%s\":\"%s\",\"%s\":\"%s\",\"%s\":\"r\"}}"
            .formatted(
                name,
                Labels.CLIENT,
                data.toRealPath(),
                Labels.SLOT,
                data.toRealPath().resolve("slots/9"),
                Labels.RESULT);
    Request create =
        Request.builder()
            .method("POST")
            .path("/networks/create")
            .putHeader("Content-Type", "application/json")
            .bodyBytes(body.getBytes(StandardCharsets.UTF_8))
            .build();
    try (EngineHttpClient http =
            new EngineHttpClient(jobs.engine().endpoint(), Duration.ofSeconds(30));
        Response response = http.execute(create)) {
      assertTrue(response.getStatusCode() < 300, () -> "status " + response.getStatusCode());
    }
    assertEquals(List.of(name), clean().removed().stream().map(Finding::title).toList());
    assertTrue(
        jobs.engine().engine().networks().list().stream()
            .map(ListedNetwork::name)
            .noneMatch(name::equals));
  }

  @Test
  void everyWrapperCleansUpBesideItsJob() throws Exception {
    Job wiped = abandoned("wiped");
    Job job =
        jobs.mounted("cleaner", UNTIL_GO).slot(slot -> slot.project("other.example_p")).prepare();
    assertEquals(List.of(), wiped.slot().remove());
    job.start();
    job.await(ContainerState.RUNNING);
    Await.until("the left-over goes", Job.PATIENCE, () -> wiped.containers().isEmpty());
    job.awaitStderr(
        "removed what earlier jobs had left behind: 1 containers, 0 networks, 0 images");
    assertFalse(job.stderr().contains(wiped.slot().resultName()), job.stderr());
    assertEquals(ContainerState.RUNNING, job.container().state());
    job.go();
    job.endOfJob();
  }

  @Test
  void aSimulationLeavesNoImageOfItsClient() throws Exception {
    Path directory = Files.createDirectory(data.resolve("job"));
    Files.writeString(
        directory.resolve("job.toml"),
        "schema = 1\n[container]\ncommand = [\"cp\", \"/marker\", \"out\"]\n");
    Files.writeString(
        directory.resolve("output_template.xml"),
        "<file_ref><open_name>out</open_name><copy_file/></file_ref>");
    String marker = UUID.randomUUID().toString();
    Files.writeString(
        directory.resolve("Dockerfile"),
        "FROM " + TestEngine.IMAGE + "\nRUN echo " + marker + " >/marker\n");
    Files.writeString(
        Files.createDirectory(directory.resolve("expected")).resolve("out"), marker + "\n");
    Path client = data.resolve("client");
    // Valid only with what the image holds.
    verb(0, "simulate", "--data-dir", client.toString(), directory.toString());
    assertEquals(
        List.of(),
        jobs.engine().engine().images().list().stream()
            .filter(image -> client.toString().equals(image.labels().get(Labels.CLIENT)))
            .toList());
  }
}
