package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SimulateCommandTest {
  @TempDir Path directory;
  @TempDir Path data;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path wrapper = Path.of("");

  @BeforeEach
  void makeJob() throws IOException {
    Files.writeString(directory.resolve("job.toml"), "");
    Files.writeString(
        directory.resolve("output_template.xml"),
        "<file_ref><open_name>out</open_name><copy_file/></file_ref>");
    wrapper = script("echo 42 > out; echo \"$@\" >&2; echo 0 > boinc_finish_called");
  }

  /** A wrapper that speaks no protocol is enough here: the simulator itself has its own tests. */
  private Path script(String body) throws IOException {
    Path script = data.resolve("wrapper.sh");
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  private int run(String... arguments) {
    CommandLine command = BoincDocker.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  private int simulate(String... options) {
    List<String> words = new ArrayList<>(List.of("simulate", "--wrapper", wrapper.toString()));
    words.addAll(List.of("--data-dir", data.toString()));
    words.addAll(List.of(options));
    return run(words.toArray(String[]::new));
  }

  @Test
  void validJobIsStatusZeroAndLeavesNothing() {
    assertEquals(ExitCode.DONE, simulate(directory.toString()), err::toString);
    assertTrue(out.toString().contains("valid: "), out::toString);
    assertTrue(out.toString().contains("output out: 3 bytes"), out::toString);
    assertFalse(Files.exists(data.resolve("slots/0")));
    assertFalse(Files.exists(data.resolve("projects/simulated.example_project")));
  }

  @Test
  void keptSlotIsNamed() {
    assertEquals(ExitCode.DONE, simulate("--keep", directory.toString()));
    assertTrue(Files.exists(data.resolve("slots/0/init_data.xml")));
    assertTrue(out.toString().contains("kept: " + data.resolve("slots/0")), out::toString);
  }

  @Test
  void optionsArriveInInitData() throws IOException {
    simulate(
        "--keep",
        "--ncpus=2.5",
        "--memory=512m",
        "--gpu=nvidia:1",
        "--engine=podman",
        "--plan-class=docker_x",
        directory.toString());
    String text = Files.readString(data.resolve("slots/0/init_data.xml"));
    for (String part :
        List.of(
            "<ncpus>2.500000</ncpus>",
            "<rsc_memory_bound>536870912.000000</rsc_memory_bound>",
            "<gpu_type>NVIDIA</gpu_type>",
            "<gpu_device_num>1</gpu_device_num>",
            "<docker_type>2</docker_type>",
            "<plan_class>docker_x</plan_class>")) {
      assertTrue(text.contains(part), () -> part + " is not in " + text);
    }
  }

  @Test
  void argumentsAfterTwoDashesAreTheWrappers() throws IOException {
    simulate("--keep", directory.toString(), "--", "--mode", "a b");
    assertEquals(
        "--mode a b\n", Files.readString(data.resolve("slots/0/stderr.txt")), err::toString);
  }

  @Test
  void failedJobIsStatusOneAndShowsWhatItSaid() throws IOException {
    wrapper = script("echo no such model >&2; exit 3");
    assertEquals(ExitCode.PROBLEMS, simulate(directory.toString()));
    assertTrue(out.toString().contains("status 3"), out::toString);
    assertTrue(out.toString().contains("no such model"), out::toString);
  }

  @Test
  void jsonIsAllThatGoesToStandardOutput() {
    assertEquals(ExitCode.DONE, simulate("--json", directory.toString()));
    assertTrue(out.toString().startsWith("{\"valid\":true,\"exit_status\":0,"), out::toString);
    assertTrue(
        out.toString()
            .endsWith("\"outputs\":[{\"name\":\"out\",\"nbytes\":3,\"problem\":null}]}\n"),
        out::toString);
    assertTrue(err.toString().contains("wrapper started"), err::toString);
  }

  @Test
  void problemsOfTheDirectoryAreToldBeforeAnythingIsStarted() throws IOException {
    Files.writeString(
        directory.resolve("input_template.xml"), "<file_ref><open_name>in</open_name></file_ref>");
    assertEquals(ExitCode.PROBLEMS, simulate(directory.toString()));
    assertTrue(out.toString().contains("there is no file inputs/in"), out::toString);
    assertFalse(Files.exists(data.resolve("slots")));
  }

  @Test
  void wrapperThatCannotBeStartedIsTheHostsFault() {
    wrapper = data.resolve("no such program");
    assertEquals(ExitCode.HOST, simulate(directory.toString()));
    assertTrue(err.toString().contains("no such program"), err::toString);
    assertFalse(Files.exists(data.resolve("slots/0")));
  }

  @Test
  void whatCannotBeUnderstoodIsStatusTwo() {
    assertEquals(ExitCode.USAGE, run());
    assertEquals(ExitCode.USAGE, run("dance"));
    assertEquals(ExitCode.USAGE, simulate("--at", "5", "quit", directory.toString()));
    assertEquals(ExitCode.USAGE, simulate("--at", "5s", "dance", directory.toString()));
    assertEquals(ExitCode.USAGE, simulate("-9", directory.toString()));
    assertEquals(ExitCode.USAGE, simulate("--gpu", "voodoo", directory.toString()));
    assertEquals(ExitCode.USAGE, simulate("--memory", "much", directory.toString()));
    assertEquals(ExitCode.USAGE, simulate(directory.resolve("nowhere").toString()));
  }

  @Test
  void killNeedsNoQuotes() throws IOException {
    wrapper = script("test -e second && exec echo 0 > boinc_finish_called; touch second; sleep 60");
    Path output = directory.resolve("output_template.xml");
    Files.delete(output);
    assertEquals(
        ExitCode.DONE,
        simulate("--at", "100ms", "kill", "-9", directory.toString()),
        out::toString);
    assertTrue(out.toString().contains("killed: kill -9"), out::toString);
  }
}
