package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What every verb has, also one that comes later. */
@Timeout(120)
class VerbsHelpTest {
  private static final String ESCAPE = "\u001b";

  /** What they print is a file, another program's words, or nothing. */
  private static final Set<String> WITHOUT_JSON =
      Set.of(
          "",
          "init",
          "template",
          "schema",
          "policy",
          "policy show",
          "policy allow",
          "policy deny",
          "logs",
          "exec");

  @TempDir Path directory;

  /** Each as it is typed; the empty one is the command without a verb. */
  static Stream<String> verbs() {
    return verbs(BoincDocker.commandLine(), "");
  }

  private static Stream<String> verbs(CommandLine command, String name) {
    return Stream.concat(
        Stream.of(name),
        command.getSubcommands().entrySet().stream()
            .flatMap(verb -> verbs(verb.getValue(), (name + " " + verb.getKey()).strip())));
  }

  private static String help(String verb) {
    List<String> words = new ArrayList<>();
    Stream.of(verb.split(" ", -1)).filter(word -> !word.isEmpty()).forEach(words::add);
    words.add("--help");
    Verbs run = Verbs.run(words.toArray(String[]::new));
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.err());
    return run.out().replaceAll(ESCAPE + "\\[[0-9;]*m", "");
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void itsHelpHasTheStatusesAndExamplesThatCanBeCopied(String verb) {
    String help = help(verb);
    assertTrue(help.contains("\nExit status:\n  "), help);
    List<String> lines = help.lines().toList();
    List<String> examples = lines.subList(lines.size() - reversed(lines, "Example"), lines.size());
    assertTrue(examples.stream().anyMatch(line -> line.contains("boinc-docker " + verb)), help);
    for (String line : examples.subList(1, examples.size())) {
      assertTrue(line.startsWith("  "), () -> "broken: " + line + " in\n" + help);
    }
    lines.forEach(line -> assertTrue(line.length() <= 80, line));
  }

  /** How many lines are left from the last one that begins so. */
  private static int reversed(List<String> lines, String beginning) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).startsWith(beginning)) {
        return lines.size() - i;
      }
    }
    throw new AssertionError("no line begins with " + beginning + " in " + lines);
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void aScriptGetsJson(String verb) {
    assertEquals(!WITHOUT_JSON.contains(verb), help(verb).contains(" --json"), help(verb));
  }

  /** Even where the terminal that is not there would have colours. */
  @ParameterizedTest
  @ValueSource(strings = {"--help", "doctor --data-dir .", "stats --help", "validate ."})
  void withoutATerminalThereAreNoColours(String words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BoincDocker.class.getName()));
    command.addAll(List.of(words.split(" ", -1)));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().put("TERM", "xterm-256color");
    builder.environment().put("DOCKER_HOST", "unix://" + directory.resolve("nowhere.sock"));
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "it ends");
    assertFalse(said.isBlank());
    assertFalse(said.contains(ESCAPE), said);
  }

  @Test
  void wordsThatNobodyKnowsAreStatusTwo() {
    verbs()
        .filter(verb -> !verb.isEmpty())
        .forEach(
            verb -> {
              List<String> words = new ArrayList<>(List.of(verb.split(" ", -1)));
              words.add("--no-such-option");
              assertEquals(2, Verbs.run(words.toArray(String[]::new)).status(), verb);
            });
  }
}
