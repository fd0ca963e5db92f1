package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.job.JobOverrides;
import org.boinc.dockerwrapper.job.JobReader;
import org.boinc.dockerwrapper.job.JobReading;
import org.boinc.dockerwrapper.job.JobSpec;
import org.boinc.dockerwrapper.job.NetworkSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateCommandTest {
  private static final Path SOURCE = Path.of("job-templates");

  @TempDir Path directory;

  static List<String> profiles() {
    return JobTemplateFiles.profiles();
  }

  private static JobReading reading(String template) {
    return JobReader.read(
        "schema = 1\ntemplate = \"%s\"\n".formatted(template).getBytes(StandardCharsets.UTF_8),
        "job.toml",
        JobTemplateFiles::profile,
        JobOverrides.NONE);
  }

  private static JobSpec spec(String template) {
    return reading(template).spec().orElseThrow();
  }

  private void job(String text) throws IOException {
    Files.writeString(directory.resolve("job.toml"), text);
  }

  private String plannedNetwork() throws IOException {
    Verbs plan = Verbs.run("plan", "--engine", "docker", "--json", directory.toString());
    JsonNode json = new ObjectMapper().readTree(plan.out());
    return json.at("/plan/network/mode/value").asText()
        + " by "
        + json.at("/plan/network/mode/origin").asText();
  }

  @Test
  void theIndexNamesEveryFileOfTheDirectoryAndNoOther() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCE)) {
      assertEquals(
          files
              .filter(Files::isRegularFile)
              .map(file -> SOURCE.relativize(file).toString())
              .filter(name -> !name.equals("index") && !name.equals("README.md"))
              .sorted()
              .toList(),
          JobTemplateFiles.names());
    }
  }

  @Test
  void theTenProfilesAreThere() {
    assertEquals(
        List.of(
            "docker-batch",
            "docker-cluster",
            "docker-cluster-network",
            "docker-cluster-network-ssh",
            "docker-cluster-roce",
            "docker-cluster-roce-network-ssh",
            "docker-network",
            "docker-network-ssh",
            "docker-nvidia-batch",
            "docker-nvidia-network"),
        profiles().stream().sorted().toList());
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void aProfileHasNoProblems(String name) {
    assertEquals(List.of(), reading(name).problems());
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void noProfileAsksForConsent(String name) {
    assertFalse(
        new String(JobTemplateFiles.profile(name).orElseThrow(), StandardCharsets.UTF_8)
            .contains("[security]"),
        name);
  }

  @ParameterizedTest
  @CsvSource({
    "docker-batch, NONE, false",
    "docker-network, NAT, false",
    "docker-network-ssh, NAT, false",
    "docker-nvidia-batch, NONE, true",
    "docker-nvidia-network, NAT, true",
    "batch, NONE, false",
    "nvidia-network, NAT, true"
  })
  void aProfileSaysNetworkGpuAndTheFilesPlace(String name, NetworkSpec.Mode network, boolean gpu) {
    JobSpec job = spec(name);
    assertEquals(network, job.network().mode());
    assertEquals(gpu, job.gpu().enabled());
    assertEquals("/job", job.files().slot());
    assertEquals("${NODE}", job.container().env().get("INSTANCE_ID"));
  }

  @Test
  void aJobCanNameAProfileWithoutAFileOfThatName() throws IOException {
    job("schema = 1\nprofile = \"docker-network\"\n[image]\nname = \"busybox:1\"\n");
    assertEquals("nat by template", plannedNetwork());
    assertTrue(Verbs.run("validate", directory.toString()).out().contains("no problems"));
    assertTrue(
        Verbs.run("validate", directory.resolve("job.toml").toString())
            .out()
            .contains("no problems"));
  }

  @Test
  void aFileOfTheAppVersionComesBeforeABuiltInTemplate() throws IOException {
    job("schema = 1\ntemplate = \"docker-network\"\n[image]\nname = \"busybox:1\"\n");
    Files.writeString(directory.resolve("docker-network.toml"), "schema = 1\n");
    assertEquals("none by default", plannedNetwork());
  }

  @Test
  void theListHasNamesCommentsAndWhatRuns() {
    Verbs list = Verbs.run("template", "list");
    assertEquals(ExitCode.DONE, list.status(), list::err);
    assertTrue(
        list.out().contains("docker-batch                     yes   one container, no network"),
        list::out);
    assertTrue(list.out().contains("docker-cluster                   yes   several"), list::out);
  }

  @Test
  void theListAsJsonSaysWhatKeepsATemplateFromRunning() throws IOException {
    JsonNode list = new ObjectMapper().readTree(Verbs.run("template", "list", "--json").out());
    assertEquals(profiles().size(), list.size());
    for (JsonNode template : list) {
      assertFalse(template.get("comment").asText().isEmpty(), template::toString);
      assertEquals(template.get("runs").asBoolean(), template.get("problems").isEmpty());
    }
  }

  @Test
  void showPrintsParentAndTemplate() {
    Verbs show = Verbs.run("template", "show", "nvidia-network");
    assertEquals(ExitCode.DONE, show.status(), show::err);
    assertTrue(
        show.out().indexOf("TASK_PATH") < show.out().indexOf("vendor = \"nvidia\""), show::out);
  }

  @Test
  void showAsJsonHasTheFileAsItIs() throws IOException {
    JsonNode shown =
        new ObjectMapper().readTree(Verbs.run("template", "show", "--json", "docker-batch").out());
    assertEquals(
        Files.readString(SOURCE.resolve("profiles/docker-batch.toml")), shown.get("text").asText());
    assertEquals("", shown.get("parent").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "../index", ""})
  void aTemplateThatIsNotThereIsAMistakeOfTheCommandLine(String name) {
    Verbs show = Verbs.run("template", "show", name);
    assertEquals(ExitCode.USAGE, show.status());
    assertTrue(
        show.err().contains("there is no built-in template '%s'; there are ".formatted(name)),
        show::err);
  }
}
