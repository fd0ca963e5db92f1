package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.OptionalInt;
import org.boinc.dockerwrapper.run.JobEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotLogTest {
  @TempDir Path slot;

  private String shown(OptionalInt tail) throws Exception {
    StringBuilder text = new StringBuilder();
    new SlotLog(slot, "stderr.txt")
        .show(tail, false, (_, bytes) -> text.append(new String(bytes, StandardCharsets.UTF_8)));
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "a|b|c|, 2, b|c|",
    "a|b|c, 2, b|c",
    "a|b|c|, 9, a|b|c|",
    "a|b|c|, 0, ''",
    "a|, 1, a|",
    "'', 1, ''",
    "||, 1, |"
  })
  void theLastLinesAreShown(String text, int lines, String wanted) throws Exception {
    Files.writeString(slot.resolve("stderr.txt"), text.replace('|', '\n'));
    assertEquals(wanted.replace('|', '\n'), shown(OptionalInt.of(lines)));
    assertEquals(text.replace('|', '\n'), shown(OptionalInt.empty()));
  }

  @Test
  void eventsAreToldInLinesForPeople() throws Exception {
    Files.writeString(
        slot.resolve(JobEvent.FILE),
        """
        {"v":1,"at":1764310000123,"pid":1,"event":"begin","text":"docker_wrapper 1.2","wrapper":"1.2"}
        {"v":2,"at":1764310000123,"pid":1,"event":"begin","text":"of a later version"}
        cut in the mid
        {"v":1,"at":1764310003123,"pid":1,"event":"limit","text":"too\\u001b much","limit":"DISK"}
        """);
    StringBuilder text = new StringBuilder();
    new SlotLog(slot, JobEvent.FILE)
        .show(
            OptionalInt.empty(),
            false,
            new EventLines(
                (_, bytes) -> text.append(new String(bytes, StandardCharsets.UTF_8)),
                ZoneOffset.UTC));
    assertEquals(
        """
        2025-11-28 06:06:40  begin   docker_wrapper 1.2
        2025-11-28 06:06:43  limit   too\\u001b much
        """,
        text.toString());
  }

  @Test
  void whatIsNoFileIsNotOpened() throws IOException {
    assertThrows(IOException.class, () -> shown(OptionalInt.empty()));
    Files.createSymbolicLink(slot.resolve("stderr.txt"), Path.of("/etc/hostname"));
    assertThrows(IOException.class, () -> shown(OptionalInt.empty()));
  }
}
