package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.cli.BoincDocker;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.plan.Labels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code boinc-docker simulate} before a person's eyes, on the pseudo terminal of script(1). */
@Tag(EngineUnderTest.ANY)
final class SimulateTerminalIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int CTRL_C = 3;
  private static final Pattern SLOT = Pattern.compile("^slot: (\\S+)", Pattern.MULTILINE);

  @TempDir Path directory;
  private TestEngine engine;
  private Process terminal;

  @BeforeEach
  void engineAnswers() throws Exception {
    engine = new TestEngine();
  }

  @AfterEach
  void hangUp() throws Exception {
    if (terminal != null) {
      terminal.descendants().forEach(ProcessHandle::destroyForcibly);
      terminal.destroyForcibly();
    }
    engine.close();
  }

  private void simulate(String... words) throws IOException {
    // A shell that starts us in the background may have made us, and so simulate, ignore Ctrl-C.
    StringBuilder command = new StringBuilder("env --default-signal=HUP,INT,TERM ");
    for (String word :
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            BoincDocker.class.getName(),
            "simulate")) {
      command.append(word).append(' ');
    }
    command.append(String.join(" ", words));
    terminal =
        new ProcessBuilder("script", "-qefc", command.toString(), "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(screen().toFile())
            .start();
  }

  private Path screen() {
    return directory.resolve("screen");
  }

  private String seen() throws IOException {
    return Files.readString(screen());
  }

  private int status() throws Exception {
    assertTrue(terminal.waitFor(PATIENCE), () -> "simulate still runs");
    return terminal.exitValue();
  }

  @Test
  void aPersonSeesABarThatGrowsAndGoesAndTheVerdict() throws Exception {
    simulate("cookbook/01-copy-mode");
    assertEquals(0, status(), seen());
    assertSeen("\\r\\[#+\\.*] +\\d+ %  \\d+\\.\\d s CPU\\r");
    // It is overwritten with blanks, and the verdict stands in its place.
    assertSeen("\\[#+\\.*][^\\r]*\\r +\\r(\\x1b\\[[0-9;]*m)*valid");
  }

  private void assertSeen(String pattern) throws IOException {
    assertTrue(Pattern.compile(pattern).matcher(seen()).find(), pattern + " in " + seen());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ctrlCEndsTheJobInOrderAndLeavesNothingBehind(boolean keep) throws Exception {
    Path data = directory.resolve("data");
    simulate("--data-dir", data.toString(), keep ? "--keep" : "", job().toString());
    Path slot =
        Await.value(
            "the slot",
            PATIENCE,
            () ->
                Optional.of(SLOT.matcher(seen()))
                    .filter(Matcher::find)
                    .map(m -> Path.of(m.group(1))));
    Await.until(
        "a running container",
        PATIENCE,
        () ->
            engine.engine().containers().find(Labels.ofSlot(slot)).stream()
                .anyMatch(found -> found.state() == ContainerState.RUNNING));
    List<ProcessHandle> started = terminal.descendants().toList();
    assertTrue(started.size() >= 2, "simulate and its wrapper: " + started);

    terminal.getOutputStream().write(CTRL_C);
    terminal.getOutputStream().flush();

    assertEquals(130, status(), seen());
    assertTrue(seen().contains("the simulation was interrupted"), seen());
    assertEquals(List.of(), engine.engine().containers().find(Labels.ofSlot(slot)), seen());
    assertEquals(List.of(), started.stream().filter(ProcessHandle::isAlive).toList(), seen());
    assertEquals(keep, Files.exists(slot.resolve("stderr.txt")), seen());
    assertEquals(keep, seen().contains("kept: " + slot + " and "), seen());
  }

  /** One that never comes to its end. */
  private Path job() throws IOException {
    Path job = Files.createDirectory(directory.resolve("job"));
    Files.writeString(
        job.resolve("job.toml"),
        """
        schema = 1
        [image]
        name = "%s"
        pull = "never"
        [container]
        command = ["sh", "-c", "while true; do sleep 1; done"]
        stop_timeout = "1s"
        """
            .formatted(TestEngine.IMAGE));
    return job;
  }
}
