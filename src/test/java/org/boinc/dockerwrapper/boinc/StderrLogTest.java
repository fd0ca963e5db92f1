package org.boinc.dockerwrapper.boinc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StderrLogTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-21T01:02:03Z"), ZoneOffset.UTC);
  private static final String PREFIX =
      "2026-11-21 01:02:03 (" + ProcessHandle.current().pid() + "): ";

  @TempDir Path slot;

  private StderrLog open() throws IOException {
    return StderrLog.open(slot, CLOCK);
  }

  private String content() throws IOException {
    return Files.readString(slot.resolve("stderr.txt"));
  }

  @Test
  void aLineHasTimeAndProcessAndIsAppended() throws IOException {
    Files.writeString(slot.resolve("stderr.txt"), "earlier episode\n");
    try (StderrLog log = open()) {
      log.say("PREPARING -> RUNNING");
      assertEquals("earlier episode\n" + PREFIX + "PREPARING -> RUNNING\n", content());
      assertTrue(log.writable());
    }
  }

  @Test
  void aLineThatAnEarlierEpisodeLeftOpenIsClosed() throws IOException {
    Files.writeString(slot.resolve("stderr.txt"), "half a line ]]");
    try (StderrLog log = open()) {
      log.say("> next");
    }
    assertEquals("half a line ]]\n" + PREFIX + "> next\n", content());
  }

  @Test
  void aBlockIsIndentedUnderItsTitle() throws IOException {
    try (StderrLog log = open()) {
      log.block("last lines of the build", "step 1\r\nstep 2");
      log.say("two\nlines");
    }
    assertEquals(
        PREFIX + "last lines of the build:\n  | step 1\n  | step 2\n" + PREFIX + "two\n    lines\n",
        content());
  }

  @Test
  void whatCannotBeSeenIsMadeVisible() {
    assertEquals("a\\x00b\\x1b[31m\tc\\x7f\\u202e", LogLine.clean("a\0b\u001b[31m\tc\u007f\u202e"));
    assertEquals("x]]] >]] >", LogLine.clean("x]]]>]]>"));
  }

  @Test
  void aLongLineIsCutBetweenCharacters() {
    assertEquals("x".repeat(2048), LogLine.clean("x".repeat(2048)));
    assertEquals(
        "x".repeat(2047) + " [... 4 bytes left out]",
        LogLine.clean("x".repeat(2047) + "\u00e9\u00e9"));
  }

  @Property(tries = 50)
  void noTextCanEndTheSectionItTravelsIn(@ForAll List<String> texts) throws IOException {
    Path directory = Files.createTempDirectory("slot");
    try (StderrLog log = StderrLog.open(directory, CLOCK)) {
      for (String text : texts) {
        log.say(text + "]]");
        log.say(">" + text + "]]>");
        log.block(text, "]" + text + "]>\0");
      }
    }
    String content =
        new String(
            Files.readAllBytes(directory.resolve("stderr.txt")), StandardCharsets.ISO_8859_1);
    assertFalse(content.contains("]]>"));
    assertEquals(-1, content.indexOf('\0'));
    Files.delete(directory.resolve("stderr.txt"));
    Files.delete(directory);
  }

  @Test
  void c63TenMegabytesOfChatterStayBoundedAndTheSummaryStaysLast() throws IOException {
    try (StderrLog log = open()) {
      for (int i = 0; i < 10_000; i++) {
        log.say("noise ".repeat(170));
      }
      log.importantBlock("the job's output", "line of output\n".repeat(700_000));
      log.important("summary: the job exited with status 3");
    }
    String content = content();
    assertTrue(content.length() < 52 * 1024, () -> "grew to " + content.length());
    assertTrue(content.endsWith("summary: the job exited with status 3\n"));
    assertEquals(
        1,
        content
            .lines()
            .filter(l -> l.endsWith("log is full, only what is important follows"))
            .count());
    assertTrue(content.contains("bytes left out ...]"));
  }

  @Test
  void evenImportantLinesHaveAnEnd() throws IOException {
    try (StderrLog log = open()) {
      for (int i = 0; i < 100_000; i++) {
        log.important("a fault of ours");
      }
    }
    assertTrue(content().length() < 300 * 1024);
  }

  @Test
  void aLargeFileIsCutToItsBeginningAndEnd() throws IOException {
    String line = "0123456789abcde\n";
    Files.writeString(slot.resolve("stderr.txt"), "first\n" + line.repeat(100_000) + "last ]]>\0");
    try (StderrLog log = open()) {
      log.say("next");
    }
    String content = content();
    assertTrue(content.length() < 65 * 1024, () -> "is " + content.length());
    assertTrue(content.startsWith("first\n" + line));
    assertTrue(content.endsWith("last ]] > \n" + PREFIX + "next\n"));
    assertTrue(content.contains("\n[... 1534"), "says how much is missing");
  }

  @Test
  void aSecretIsReplacedHoweverItIsSpelled() throws IOException {
    try (StderrLog log = open()) {
      log.mask("p<\u00e9 :@*~");
      log.mask("p<\u00e9 :@*~longer");
      log.mask("");
      log.mask("ab");
      log.say("password p<\u00e9 :@*~ and p<\u00e9 :@*~longer, about");
      log.say("http://user:p%3C%C3%A9%20%3A%40%2A~@proxy and p%3C%C3%A9+%3A%40*%7E");
      log.block("environment", "P=p<\u00e9 :@*~\n");
    }
    assertEquals(
        PREFIX
            + "password *** and ***, about\n"
            + PREFIX
            + "http://user:***@proxy and ***\n"
            + PREFIX
            + "environment:\n  | P=***\n",
        content());
  }

  @Test
  void aFullDiskDoesNotThrow() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "only Linux has a device that is always full");
    Files.createSymbolicLink(slot.resolve("stderr.txt"), full);
    try (StderrLog log = open()) {
      assertTrue(log.writable());
      log.say("nowhere to go");
      assertFalse(log.writable());
      log.important("still nowhere");
      assertFalse(log.writable());
    }
  }
}
