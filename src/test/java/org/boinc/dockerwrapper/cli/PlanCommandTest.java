package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.simulate.JobDirectory;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.boinc.dockerwrapper.simulate.SimulatedSlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole plans are compared with the files in {@code src/test/resources/plan}. When a plan is meant
 * to change, {@code mvn test -Dtest=PlanCommandTest -Dgolden=write} writes them anew, and the
 * difference is looked at.
 */
class PlanCommandTest {
  private static final Path GOLDEN = Path.of("src/test/resources/plan");

  @TempDir Path directory;

  private static Verbs plan(String... arguments) {
    List<String> words = new ArrayList<>(List.of("plan", "--engine", "docker"));
    words.addAll(List.of("--user", "105:113"));
    words.addAll(List.of(arguments));
    return Verbs.run(words.toArray(String[]::new));
  }

  private static void compare(String name, String found) throws IOException {
    String text = found.replaceAll(Pattern.quote(Version.TEXT) + " *", "VERSION ");
    Path file = GOLDEN.resolve(name);
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(file, text);
    }
    assertEquals(Files.readString(file), text);
  }

  private void job(String toml) throws IOException {
    Files.writeString(directory.resolve("job.toml"), toml);
  }

  @ParameterizedTest
  @ValueSource(strings = {"01-copy-mode", "02-mounted-slot", "03-wiki-example"})
  void theCookbooksPlansAreAsTheyWere(String name) throws IOException {
    Verbs text = plan("cookbook/" + name);
    assertEquals(ExitCode.DONE, text.status(), text::err);
    compare(name + ".txt", text.out());
    Verbs json = plan("--json", "cookbook/" + name);
    assertEquals(ExitCode.DONE, json.status(), json::err);
    compare(name + ".json", json.out());
  }

  @Test
  void outputsThatAreUploadedWhileTheJobRunsAreInThePlan() throws IOException {
    job(
        """
        schema = 1
        [image]
        name = "busybox:1"
        [files]
        uploads = [{ file = "part_*", trickle = "part" }]
        """);
    Files.writeString(
        directory.resolve("output_template.xml"),
        "<output_template>"
            + "<file_info><name><OUTFILE_0/></name></file_info>"
            + "<result><file_ref><file_name><OUTFILE_0/></file_name>"
            + "<open_name>part_1</open_name></file_ref></result>"
            + "</output_template>");
    Verbs text = plan(directory.toString());
    assertEquals(ExitCode.DONE, text.status(), text::err);
    assertTrue(
        text.out().contains("part_*  part_1, while the job runs, with trickle-up part"), text::out);
  }

  @Test
  void theNodesOfAClusterAreInThePlan() throws IOException {
    job(
        """
        schema = 1
        [image]
        name = "busybox:1"
        [network]
        mode = "nat"
        [cluster]
        nodes = 3
        ssh = true
        master = ["mpirun", "--hostfile", "/boinc/hosts", "work"]
        """);
    Verbs text = plan(directory.toString());
    assertEquals(ExitCode.DONE, text.status(), text::err);
    compare("cluster.txt", text.out().replace(directory.toRealPath().toString(), "DIR"));
  }

  @Test
  void everyOptionOfAnAmbitiousJobIsInThePlan() throws IOException {
    job(
        """
        schema = 1
        verbose = 2
        [image]
        name = "registry.example.org/team/app:1.0"
        pull = "always"
        [container]
        entrypoint = ["/usr/bin/env", "python3"]
        command = ["it's", "a \\"job\\""]
        user = "2000:2000"
        env = { MODE = "fast, and\\nloud" }
        init = false
        [resources]
        cpus = 8
        ulimits = { nofile = 4096 }
        time_limit = "2h"
        [files]
        project = "/proj,ect"
        stdout = "log"
        [network]
        mode = "nat"
        graphics_port = 8080
        ports = [{ container = 53, host = 5353, proto = "udp" }]
        hosts = { db = "10.0.0.1" }
        dns = ["9.9.9.9"]
        [gpu]
        enabled = true
        """);
    Files.createDirectories(directory.resolve("inputs"));
    Files.writeString(
        directory.resolve("input_template.xml"),
        "<workunit><command_line>--seed 'a b'</command_line></workunit>");
    Verbs verbs =
        plan("--ncpus", "2.5", "--memory", "2g", "--gpu", "nvidia:1", directory.toString());
    assertEquals(ExitCode.DONE, verbs.status(), () -> verbs.out() + verbs.err());
    compare("ambitious.txt", verbs.out());
  }

  @Test
  void jsonHasEachValueWithItsOrigin() throws IOException {
    JsonNode plan = new ObjectMapper().readTree(plan("--json", "cookbook/01-copy-mode").out());
    assertTrue(plan.get("planned").booleanValue());
    assertTrue(plan.get("engine").get("assumed").booleanValue());
    JsonNode memory = plan.get("plan").get("resources").get("memory");
    assertEquals(128_000_000, memory.get("value").longValue());
    assertEquals("client", memory.get("origin").textValue());
    assertEquals("rsc_memory_bound", memory.get("detail").textValue());
    assertEquals("docker", plan.get("docker_create").get(0).textValue());
  }

  @Test
  void aRefusedJobIsNotPlannedAndTheLineIsNamed() throws IOException {
    job(
        """
        schema = 1
        [image]
        name = "busybox:1"
        [container]
        user = "0"
        [files]
        in = [{ src = "one", dst = "/a" }, { src = "two", dst = "/b" }]
        """);
    Verbs verbs = plan(directory.toString());
    assertEquals(ExitCode.PROBLEMS, verbs.status());
    assertEquals(
        """
        engine: Docker, rootful, assumed
        job.toml:7: files.in: 'one' is not in the slot; declare it as a file of the app version or an input file of the workunit with this open_name
        job.toml:7: files.in: 'two' is not in the slot; declare it as a file of the app version or an input file of the workunit with this open_name
        warning: job.toml:5: container.user: 0 needs the volunteer's consent; to give it run boinc-docker policy allow simulated.example_project --root, or edit /var/lib/boinc/docker_policy.toml
        nothing would be created
        """,
        verbs.out());
    Verbs json = plan("--json", directory.toString());
    JsonNode root = new ObjectMapper().readTree(json.out());
    assertFalse(root.get("planned").booleanValue());
    assertEquals(3, root.get("problems").size());
    assertEquals(7, root.get("problems").get(0).get("line").intValue());
  }

  @Test
  void onRootlessPodmanTheContainersRootIsTheClientsUser() throws IOException {
    job("schema = 1\n[image]\nname = \"busybox:1\"\n");
    Verbs verbs = Verbs.run("plan", "--engine", "podman", directory.toString());
    assertTrue(verbs.out().startsWith("engine: Podman, rootless, assumed\n"), verbs::out);
    assertTrue(verbs.out().contains("--user 0:0 "), verbs::out);
  }

  @Test
  void aRealSlotIsPlannedAsItStandsAndPasswordsAreStars() throws IOException {
    SimulatedSlot slot =
        SimulatedSlot.in(directory)
            .file(SimulatedFile.app("job.toml", "schema = 1\n[image]\nname = \"busybox:1\"\n"))
            .initData(
                data ->
                    data.set(
                        "proxy_info",
                        """
                        <use_http_proxy/>
                        <http_server_name>proxy.example.org</http_server_name>
                        <http_server_port>3128</http_server_port>
                        <http_user_name>zoe</http_user_name>
                        <http_user_passwd>geh eim</http_user_passwd>
                        """))
            .prepare();
    Verbs verbs = plan("--slot", slot.directory().toString(), ".", "--", "a b");
    assertEquals(ExitCode.DONE, verbs.status(), () -> verbs.out() + verbs.err());
    assertTrue(verbs.out().contains("http://zoe:***@proxy.example.org:3128"), verbs::out);
    assertFalse(verbs.out().contains("geh"), verbs::out);
    assertTrue(verbs.out().contains("boinc.slot=" + slot.directory()), verbs::out);
    assertTrue(verbs.out().contains("--env 'BOINC_ARG_1=a b'"), verbs::out);
    assertTrue(Files.exists(slot.directory().resolve("init_data.xml")));
  }

  @Test
  void argumentsAfterAnImagesOwnCommandAreShownAsSuch() throws IOException {
    job(
        """
        schema = 1
        [image]
        name = "busybox:1"
        [container]
        args = ["--fast"]
        """);
    assertTrue(plan(directory.toString()).out().stripTrailing().endsWith("IMAGE_CMD --fast"));
  }

  @Test
  void aDirectoryWithAMissingInputIsRefusedBeforePlanning() throws IOException {
    job("");
    Files.writeString(
        directory.resolve("input_template.xml"), "<file_ref><open_name>in</open_name></file_ref>");
    Verbs verbs = plan(directory.toString());
    assertEquals(ExitCode.PROBLEMS, verbs.status());
    assertTrue(
        verbs.out().contains("input_template.xml: declares in, but there is no file inputs/in\n"),
        verbs::out);
  }

  @Test
  void wrongOptionsAreUsageErrors() {
    assertEquals(ExitCode.USAGE, plan("--user", "me", "cookbook/01-copy-mode").status());
    assertEquals(ExitCode.USAGE, plan("no/such/directory").status());
    assertEquals(ExitCode.USAGE, plan("--slot", "no/such/directory").status());
    assertEquals(
        ExitCode.USAGE, Verbs.run("plan", "--engine", "none", "cookbook/01-copy-mode").status());
  }

  @Test
  void aThrowAwaySlotIsGoneWhenItIsClosed() throws IOException {
    job("");
    Path data;
    try (ThrowAwaySlot made = ThrowAwaySlot.prepare(JobDirectory.read(directory), _ -> {})) {
      data = made.dataDirectory();
      assertTrue(Files.exists(made.slot().directory().resolve("job.toml")));
    }
    assertFalse(Files.exists(data));
  }
}
