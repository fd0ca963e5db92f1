package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.pack.Programs;
import org.boinc.dockerwrapper.pack.UpdateVersions;
import org.boinc.dockerwrapper.pack.UpdateVersions.Added;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageCommandTest {
  private static final String LINUX = "x86_64-pc-linux-gnu";

  @TempDir Path directory;
  private Path job;
  private Path out;
  private Path wrapper;

  @BeforeEach
  void aSmallJob() throws IOException {
    job = Files.createDirectory(directory.resolve("job"));
    out = directory.resolve("release");
    wrapper = Programs.elf(directory.resolve("docker_wrapper"), "API_VERSION_8.3.0");
    write("job.toml", "schema = 1\n[files]\nin = [{ src = \"in\", dst = \"/app/in\" }]\n");
    write("Dockerfile", "FROM busybox:1\nCOPY tool /bin/\nCMD [\"sh\", \"main.sh\"]\n");
    write("tool", "a tool\n");
    write("main.sh", "#!/bin/sh\ntool\n");
    Files.setPosixFilePermissions(
        job.resolve("main.sh"), PosixFilePermissions.fromString("rwx------"));
    write("inputs/in", "1\n");
    write(
        "input_template.xml",
        """
        <input_template>
            <file_info>
            </file_info>
            <workunit>
                <file_ref>
                    <open_name>in</open_name>
                </file_ref>
                <min_quorum>2</min_quorum>
            </workunit>
        </input_template>
        """);
    write("output_template.xml", outputTemplate("<max_nbytes>1000</max_nbytes>"));
  }

  private static String outputTemplate(String limit) {
    return """
    <output_template>
        <file_info>
            <name><OUTFILE_0/></name>
            <generated_locally/>
            <upload_when_present/>
            %s
            <url><UPLOAD_URL/></url>
        </file_info>
        <result>
            <file_ref>
                <file_name><OUTFILE_0/></file_name>
                <open_name>out</open_name>
            </file_ref>
        </result>
    </output_template>
    """
        .formatted(limit);
  }

  private void write(String name, String text) throws IOException {
    Path file = job.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Verbs pack(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "package",
                job.toString(),
                "--app",
                "worker",
                "--version",
                "1.2",
                "--plan-class",
                "docker",
                "--out",
                out.toString()));
    if (Stream.of(more).noneMatch("--platform"::equals)) {
      arguments.addAll(List.of("--platform", wrapper + "=" + LINUX));
    }
    arguments.addAll(List.of(more));
    return Verbs.run(arguments.toArray(String[]::new));
  }

  private Added added() throws IOException {
    List<Added> all = new UpdateVersions(out).run();
    assertEquals(1, all.size());
    return all.getFirst();
  }

  private void assertRefused(Verbs verbs, String sentence) {
    assertEquals(ExitCode.PROBLEMS, verbs.status(), verbs::toString);
    assertTrue(verbs.out().contains(sentence), verbs::out);
    assertFalse(Files.exists(out), "nothing is written");
  }

  @Test
  void theServersToolAcceptsAnAppVersionWithEveryFile() throws IOException {
    Verbs verbs = pack();
    assertEquals(ExitCode.DONE, verbs.status(), verbs::toString);
    Added added = added();
    assertEquals("worker", added.app());
    assertEquals(102, added.versionNumber());
    assertEquals(LINUX, added.platform());
    assertEquals("docker", added.planClass());
    assertEquals("8.3.0", added.apiVersion());
    assertTrue(added.wrapper());
    assertEquals(List.of("Dockerfile", "job.toml", "main.sh", "tool"), added.logicalNames());
    assertTrue(added.mainProgram().physicalName().matches("docker_wrapper_[\\w.-]+_[0-9a-f]{12}"));
    for (UpdateVersions.FileEntry file : added.files()) {
      assertEquals(
          file.mainProgram() || file.logicalName().equals("main.sh"),
          file.executable(),
          file::toString);
      assertFalse(file.copied(), file::toString);
    }
  }

  @Test
  void theAuthorsTemplatesAreKeptAsTheyAre() throws IOException {
    assertEquals(ExitCode.DONE, pack().status());
    assertEquals(
        Files.readString(job.resolve("input_template.xml")),
        Files.readString(out.resolve("templates/worker_1.2_in")));
    assertEquals(
        Files.readString(job.resolve("output_template.xml")),
        Files.readString(out.resolve("templates/worker_1.2_out")));
  }

  @Test
  void inTheUniversalModelTheJobsFilesComeWithTheWorkunit() throws IOException {
    write("big.toml", "schema = 1\n");
    assertEquals(ExitCode.DONE, pack("--model", "universal").status());
    assertEquals(List.of("big.toml"), added().logicalNames());
    assertEquals(
        List.of("in", "Dockerfile", "job.toml", "main.sh", "tool"),
        elements("templates/worker_1.2_in", "open_name"));
    List<String> staged = names(out.resolve("stage"));
    assertEquals(4, staged.size(), staged::toString);
    assertEquals(staged, elements("templates/worker_1.2_in", "physical_name"));
    String template = Files.readString(out.resolve("templates/worker_1.2_in"));
    assertEquals(1, template.split("<executable/>", -1).length - 1, template);
    assertTrue(template.contains("<min_quorum>2</min_quorum>"), template);
  }

  @Test
  void inTheSemiUniversalModelTheImageIsTheAppVersions() throws IOException {
    assertEquals(ExitCode.DONE, pack("--model", "semi-universal").status());
    assertEquals(List.of("Dockerfile", "job.toml", "tool"), added().logicalNames());
    assertEquals(List.of("in", "main.sh"), elements("templates/worker_1.2_in", "open_name"));
  }

  @Test
  void whatNothingIsLeftOfForTheWorkunitIsSaid() throws IOException {
    write("Dockerfile", "FROM busybox:1\nCOPY . /app/\n");
    Verbs verbs = pack("--model", "semi-universal");
    assertTrue(verbs.out().contains("warning: job: no file is left for the workunits"), verbs::out);
  }

  @Test
  void theSameInputGivesTheSameBytes() throws IOException {
    assertEquals(ExitCode.DONE, pack("--model", "universal").status());
    Map<String, String> first = contents(out);
    out = directory.resolve("again");
    assertEquals(ExitCode.DONE, pack("--model", "universal").status());
    assertEquals(first, contents(out));
  }

  @Test
  void aChangedFileHasAnotherPhysicalName() throws IOException {
    assertEquals(ExitCode.DONE, pack().status());
    List<UpdateVersions.FileEntry> before = added().files();
    write("tool", "another tool\n");
    out = directory.resolve("again");
    assertEquals(ExitCode.DONE, pack().status());
    List<UpdateVersions.FileEntry> after = added().files();
    for (int i = 0; i < before.size(); i++) {
      if (before.get(i).logicalName().equals("tool")) {
        assertNotEquals(before.get(i).physicalName(), after.get(i).physicalName());
      } else {
        assertEquals(before.get(i), after.get(i));
      }
    }
  }

  @Test
  void severalPlatformsShareTheJobsFiles() throws IOException {
    Path windows = Programs.pe(directory.resolve("docker_wrapper.exe"));
    Path arm = Programs.armElf(directory.resolve("arm"));
    Verbs verbs =
        pack(
            "--platform",
            wrapper + "=" + LINUX,
            "--platform",
            windows + "=windows_x86_64",
            "--platform",
            arm + "=aarch64-unknown-linux-gnu");
    assertEquals(ExitCode.DONE, verbs.status(), verbs::toString);
    List<Added> added = new UpdateVersions(out).run();
    assertEquals(
        List.of("aarch64-unknown-linux-gnu", "windows_x86_64", LINUX),
        added.stream().map(Added::platform).toList());
    assertTrue(added.get(1).mainProgram().physicalName().endsWith(".exe"));
    assertEquals("8.2.0", added.get(1).apiVersion(), "what the file does not say");
    assertEquals(added.get(0).files().subList(1, 5), added.get(2).files().subList(1, 5));
  }

  @Test
  void aJobThatMeetsSoftLinksGetsRealFiles() throws IOException {
    write("job.toml", "schema = 1\n[files]\nslot = \"/app\"\nlinks = \"off\"\n");
    Verbs verbs = pack();
    assertEquals(ExitCode.DONE, verbs.status(), verbs::toString);
    for (UpdateVersions.FileEntry file : added().files()) {
      assertEquals(
          List.of("main.sh", "tool").contains(file.logicalName()), file.copied(), file::toString);
    }
    assertTrue(verbs.out().contains("in has no <copy_file/>"), verbs::out);
  }

  @Test
  void templatesThatAreNotThereAreMade() throws IOException {
    Files.delete(job.resolve("input_template.xml"));
    Files.delete(job.resolve("output_template.xml"));
    write("expected/deep/out", "1\n");
    Verbs verbs = pack();
    assertEquals(ExitCode.DONE, verbs.status(), verbs::toString);
    assertEquals(List.of("in"), elements("templates/worker_1.2_in", "open_name"));
    assertEquals(List.of("deep/out"), elements("templates/worker_1.2_out", "open_name"));
    assertTrue(verbs.out().contains("warning: output_template.xml: is not there"), verbs::out);
  }

  @Test
  void theAuthorsVersionXmlKeepsItsFlagsAndLosesItsMainProgram() throws IOException {
    write("old_wrapper", "x");
    write(
        "version.xml",
        """
        <version>
          <file><physical_name>old_wrapper</physical_name><main_program/></file>
          <file><physical_name>tool</physical_name><logical_name>bin/tool</logical_name><copy_file/></file>
          <file><physical_name>job.toml</physical_name></file>
          <file><physical_name>Dockerfile</physical_name></file>
          <needs_network/>
          <api_version>8.2.0</api_version>
        </version>
        """);
    Verbs verbs = pack();
    assertEquals(ExitCode.DONE, verbs.status(), verbs::toString);
    assertEquals(List.of("Dockerfile", "bin/tool", "job.toml"), added().logicalNames());
    assertTrue(
        added().files().stream().anyMatch(f -> f.copied() && f.logicalName().equals("bin/tool")));
    assertTrue(
        Files.readString(out.resolve("apps/worker/1.2/%s__docker/version.xml".formatted(LINUX)))
            .contains("<needs_network/>"));
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Files.createDirectory(out);
    Files.writeString(out.resolve("mine"), "mine");
    Verbs verbs = pack();
    assertEquals(ExitCode.HOST, verbs.status(), verbs::toString);
    assertTrue(verbs.err().contains("is not empty, and nothing is ever overwritten"), verbs::err);
    assertEquals(List.of("mine"), names(out));
    assertEquals(List.of("docker_wrapper", "job", "release"), names(directory));
  }

  @Test
  void anEmptyDirectoryIsFilled() throws IOException {
    Files.createDirectory(out);
    assertEquals(ExitCode.DONE, pack().status());
    assertEquals(List.of("README.md", "apps", "templates"), names(out));
  }

  @Test
  void modesDoNotDependOnTheAuthorsUmask() throws IOException {
    assertEquals(ExitCode.DONE, pack("--model", "universal").status());
    try (Stream<Path> files = Files.walk(out)) {
      for (Path file : files.toList()) {
        boolean executable =
            Files.isDirectory(file)
                || file.getFileName().toString().matches("docker_wrapper_.*|worker_main\\.sh_.*");
        assertEquals(
            executable ? "rwxr-xr-x" : "rw-r--r--",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
            file::toString);
      }
    }
  }

  @Test
  void theCommandsNameEveryFile() throws IOException {
    Verbs verbs = pack("--model", "universal", "--json");
    JsonNode json = new ObjectMapper().readTree(verbs.out());
    assertTrue(json.get("written").asBoolean());
    String commands = json.get("commands").toString();
    for (String file : names(out.resolve("stage"))) {
      assertTrue(
          commands.contains("bin/stage_file --copy \\\"$PACKAGE\\\"/stage/" + file), commands);
    }
    JsonNode version = json.get("app_versions").get(0);
    assertEquals("apps/worker/1.2/%s__docker".formatted(LINUX), version.get("directory").asText());
    for (JsonNode file : version.get("files")) {
      Path written =
          out.resolve(version.get("directory").asText())
              .resolve(file.get("physical_name").asText());
      assertEquals(Files.size(written), file.get("nbytes").asLong());
      assertTrue(
          commands.contains("bin/sign_executable " + out.relativize(written) + " keys/"), commands);
    }
    String guide = Files.readString(out.resolve("README.md"));
    for (JsonNode command : json.get("commands")) {
      assertTrue(guide.contains(command.asText()), guide);
    }
  }

  @Test
  void aProblemOfTheJobStopsEverything() throws IOException {
    write("job.toml", "schema = 1\n[files]\nslott = \"/app\"\n");
    assertRefused(pack(), "slott");
  }

  @Test
  void problemsAreToldAsJsonToo() throws IOException {
    write("job.toml", "schema = 1\n[files]\nslott = \"/app\"\n");
    JsonNode json = new ObjectMapper().readTree(pack("--json").out());
    assertFalse(json.get("written").asBoolean());
    assertEquals("files.slott", json.get("problems").get(0).get("key").asText());
  }

  @Test
  void aWrapperOfAnotherPlatformIsRefused() {
    assertRefused(
        pack("--platform", wrapper + "=windows_x86_64"),
        "is a Linux program for x86_64, which platform windows_x86_64 does not run");
    assertRefused(
        pack("--platform", wrapper + "=aarch64-unknown-linux-gnu"),
        "is a Linux program for x86_64, which platform aarch64-unknown-linux-gnu does not run");
  }

  @Test
  void aWrapperThatIsNoneIsRefused() throws IOException {
    assertRefused(pack("--platform", job + "=" + LINUX), "is not there, or no file");
    Files.writeString(wrapper, "not a program");
    assertRefused(pack(), "is no program");
    Programs.elf(wrapper, "API_VERSION_5.10.0");
    assertRefused(pack(), "claims API_VERSION_5.10.0");
  }

  @Test
  void aScriptIsAWrapperForUnixOnly() throws IOException {
    Files.writeString(wrapper, "#!/bin/sh\nexec java\n");
    assertEquals(ExitCode.DONE, pack().status());
    out = directory.resolve("again");
    assertRefused(pack("--platform", wrapper + "=windows_x86_64"), "is a script");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a&b", "it's", "a<b", "Ünicode"})
  void aNameThatTheServerCantPassOnIsRefused(String name) throws IOException {
    write(name, "x");
    assertRefused(pack(), "has a name that BOINC's server can't pass on");
  }

  @Test
  void namesThatDifferInCaseOnlyAreRefused() throws IOException {
    write("Tool", "x");
    assertRefused(pack(), "differs from 'Tool' in upper and lower case only");
  }

  @Test
  void aScriptWithWindowsLineEndsIsRefused() throws IOException {
    write("main.sh", "#!/bin/sh\r\ntool\r\n");
    assertRefused(pack(), "main.sh: begins with #! and has Windows line ends");
  }

  @Test
  void aScriptThatIsNotExecutableIsMentioned() throws IOException {
    write("tool", "#!/bin/sh\n");
    Verbs verbs = pack();
    assertEquals(ExitCode.DONE, verbs.status(), verbs::toString);
    assertTrue(
        verbs.out().contains("warning: tool: begins with #! and is not executable"), verbs::out);
  }

  @Test
  void anOutputThatTheServerWouldRefuseIsFound() throws IOException {
    write("output_template.xml", outputTemplate(""));
    assertRefused(pack(), "output_template.xml: OUTFILE_0 has no <max_nbytes>");
    write(
        "output_template.xml",
        outputTemplate("<max_nbytes>9</max_nbytes>")
            .replace("<file_name><OUTFILE_0/>", "<file_name><OUTFILE_1/>"));
    assertRefused(pack(), "out refers to <OUTFILE_1/>, which no <file_info> describes");
  }

  @Test
  void anInputTemplateThatCreateWorkWouldMisreadIsFound() throws IOException {
    write(
        "input_template.xml",
        "<file_info/><file_info/><workunit><file_ref><open_name>in</open_name></file_ref></workunit>");
    assertRefused(pack(), "has 2 <file_info> and 1 <file_ref>");
  }

  @Test
  void aSlotThatCantHoldItsCopiesIsFound() throws IOException {
    write("job.toml", "schema = 1\n[files]\nslot = \"/app\"\nlinks = \"off\"\n");
    write("large", "x".repeat(2_000_000));
    write(
        "input_template.xml",
        "<file_info/><workunit><file_ref><open_name>in</open_name><copy_file/></file_ref><rsc_disk_bound>1e6</rsc_disk_bound></workunit>");
    assertRefused(pack(), "rsc_disk_bound: 1000000 bytes are less than the ");
  }

  @Test
  void tooManyFilesForOneWorkunitAreFound() throws IOException {
    for (int i = 0; i < 200; i++) {
      write("part" + i, "x");
    }
    assertRefused(pack("--model", "universal"), "files make the workunit about");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86_64-pc-linux-gnu", "=x", "docker_wrapper=a__b", "docker_wrapper="})
  void aPlatformThatIsNotUnderstoodIsAMistakeOfTheCommandLine(String platform) {
    Verbs verbs = pack("--platform", platform);
    assertEquals(ExitCode.USAGE, verbs.status(), verbs::toString);
    assertTrue(verbs.err().contains("platform"), verbs::err);
  }

  @Test
  void onePlatformTwiceIsAMistakeOfTheCommandLine() {
    Verbs verbs = pack("--platform", "a=x", "--platform", "b=x");
    assertEquals(ExitCode.USAGE, verbs.status());
    assertTrue(verbs.err().contains("x is given twice"), verbs::err);
  }

  @Test
  void theHelpShowsModelsAndStatuses() {
    Verbs verbs = Verbs.run("package", "--help");
    assertEquals(ExitCode.DONE, verbs.status());
    assertTrue(verbs.out().contains("app-version, semi-universal, universal"), verbs::out);
    assertTrue(verbs.out().contains("nothing was written"), verbs::out);
  }

  private List<String> elements(String template, String name) throws IOException {
    return Files.readString(out.resolve(template))
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("<" + name + ">"))
        .map(line -> line.replaceAll("<[^>]*>", ""))
        .toList();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Map<String, String> contents(Path root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            root.relativize(file).toString(),
            new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }
}
