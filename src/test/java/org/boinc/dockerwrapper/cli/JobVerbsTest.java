package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.LogSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What logs, exec and stats do without an engine. */
class JobVerbsTest {

  @ParameterizedTest
  @CsvSource({
    "exec 3 ls -l, 3, ls -l",
    "exec -t 3 ls -l, 3, ls -l",
    "exec 3 -- ls -l, 3, ls -l",
    "exec -- ls -l, '', ls -l",
    "exec -i -- ls -- -l, '', ls -- -l",
    "exec 3 sh -c x -- y, 3, sh -c x -- y",
    "exec 3 -- ls --help, 3, ls --help",
    "exec 3 ls --help, 3, ls --help",
    "exec 3 --, 3, ''",
    "exec 3, 3, ''"
  })
  void theJobStandsBeforeItsCommand(String line, String job, String command) {
    List<String> all = List.of(line.split(" ", -1));
    CommandLine.ParseResult parsed =
        BoincDocker.commandLine().parseArgs(all.toArray(String[]::new)).subcommand();
    List<String> words =
        parsed.matchedPositionals().isEmpty()
            ? List.of()
            : parsed.matchedPositionals().getFirst().stringValues();
    ExecCommand.Request request = ExecCommand.Request.of(words);
    assertEquals(job, request.job());
    assertEquals(command, String.join(" ", request.command()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec 3", "exec", "exec -t 3 sh", "exec -x 3 sh", "stats --interval 0"})
  void whatCanNotBeMeantIsAMistakeOfTheCommandLine(String line) {
    assertEquals(ExitCode.USAGE, Verbs.run(line.split(" ", -1)).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"logs", "exec", "stats"})
  void helpHasExamplesAndExitStatuses(String verb) {
    Verbs help = Verbs.run(verb, "--help");
    assertEquals(ExitCode.DONE, help.status());
    assertTrue(help.out().contains("Exit status:"), help::out);
    assertTrue(help.out().contains("boinc-docker " + verb + " "), help::out);
    assertFalse(help.out().contains("\u001b"), help::out);
  }

  @Test
  void aJobCanNotCommandTheTerminalOfWhoReadsItsLog() throws IOException {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    LogOutput output = new LogOutput(true, screen, screen);
    byte[] text = "a\u001b[2Jä\tb\r\n\u009b".getBytes(StandardCharsets.UTF_8);
    for (byte b : text) {
      output.accept(LogSink.Stream.STDOUT, new byte[] {b});
    }
    assertEquals("a\\u001b[2Jä\tb\r\n\\u009b", screen.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aPipeGetsEveryByte() throws IOException {
    ByteArrayOutputStream pipe = new ByteArrayOutputStream();
    byte[] bytes = {0, 27, (byte) 0xff, 10};
    new LogOutput(false, pipe, pipe).accept(LogSink.Stream.STDERR, bytes);
    assertEquals(
        List.of(0, 27, 255, 10),
        pipe.toString(StandardCharsets.ISO_8859_1).chars().boxed().toList());
  }

  @Test
  void aTerminalThatDoesNotKnowItsSizeHasNone() {
    assertEquals(Optional.of(new RawTerminal.Size(24, 80)), RawTerminal.Size.parse("24 80\n"));
    assertEquals(Optional.empty(), RawTerminal.Size.parse("0 0\n"));
    assertEquals(Optional.empty(), RawTerminal.Size.parse(""));
  }
}
