package org.boinc.dockerwrapper.boinc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExitPlanTest {
  @TempDir Path slot;

  private String content(String name) throws IOException {
    return Files.readString(slot.resolve(name));
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(slot)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFinishedJobLeavesItsStatusOnTheFirstLine() throws IOException {
    ExitPlan.finished(new FinishFile(0)).leaveFiles(slot);
    assertEquals("0\n", content("boinc_finish_called"));
    assertEquals(List.of("boinc_finish_called"), files());
    assertEquals(Optional.of(new FinishFile(0)), FinishFile.read(slot));
  }

  @Test
  void aMessageIsFollowedByTheLineWithoutWhichItIsNotShown() throws IOException {
    FinishFile quiet = new FinishFile(3, "the job said 3", false);
    ExitPlan.finished(quiet).leaveFiles(slot);
    assertEquals("3\nthe job said 3\n\n", content("boinc_finish_called"));
    assertEquals(Optional.of(quiet), FinishFile.read(slot));

    FinishFile notice = new FinishFile(3, "the job said 3", true);
    ExitPlan.finished(notice).leaveFiles(slot);
    assertEquals("3\nthe job said 3\nnotice\n", content("boinc_finish_called"));
    assertEquals(Optional.of(notice), FinishFile.read(slot));
  }

  @Test
  void aTemporaryExitAlwaysHasAReason() throws IOException {
    TemporaryExit exit = new TemporaryExit(Duration.ofMinutes(10), "Docker is not running", false);
    ExitPlan.later(exit).leaveFiles(slot);
    assertEquals("600\nDocker is not running\n", content("boinc_temporary_exit"));
    assertEquals(List.of("boinc_temporary_exit"), files());
    assertEquals(Optional.of(exit), TemporaryExit.read(slot));

    ExitPlan.later(new TemporaryExit(Duration.ofMinutes(10), "x", true)).leaveFiles(slot);
    assertEquals("600\nx\nnotice\n", content("boinc_temporary_exit"));

    assertThrows(
        IllegalArgumentException.class, () -> new TemporaryExit(Duration.ZERO, " \n ", false));
  }

  @Test
  void aDelayIsAtMostADay() {
    assertEquals(Duration.ofDays(1), new TemporaryExit(Duration.ofDays(3), "x", false).delay());
    assertEquals(Duration.ZERO, new TemporaryExit(Duration.ofDays(-3), "x", false).delay());
  }

  @Test
  void messagesAreOneLineThatFitsTheClientsBuffer() {
    assertEquals(
        "first second", new TemporaryExit(Duration.ZERO, " first\r\n\tsecond\0", false).reason());
    String cut = new FinishFile(0, "\u00e9".repeat(1_000_000), false).message();
    assertEquals("\u00e9".repeat(120), cut);
    assertEquals(
        "x" + "\ud83d\ude00".repeat(59),
        new FinishFile(0, "x" + "\ud83d\ude00".repeat(500), false).message());
  }

  @Test
  void filesThatAJobForgedAreRemoved() throws IOException {
    Files.writeString(slot.resolve(FinishFile.NAME), "0\n");
    Files.writeString(slot.resolve(TemporaryExit.NAME), "86400\nforged\nnotice\n");
    ExitPlan.bare(206).leaveFiles(slot);
    assertEquals(List.of(), files());

    Path victim = Files.writeString(slot.resolve("victim"), "untouched");
    Files.createSymbolicLink(slot.resolve(FinishFile.NAME), victim);
    Files.createSymbolicLink(slot.resolve(FinishFile.NAME + ".tmp"), victim);
    ExitPlan.finished(new FinishFile(0)).leaveFiles(slot);
    assertEquals("untouched", content("victim"));
    assertTrue(Files.isRegularFile(slot.resolve(FinishFile.NAME)));
    assertFalse(Files.isSymbolicLink(slot.resolve(FinishFile.NAME)));
    assertEquals(List.of(FinishFile.NAME, "victim"), files());
  }

  @Test
  void c26AStaleFinishFileIsDeleted() throws IOException {
    assertFalse(FinishFile.deleteStale(slot));
    Files.writeString(slot.resolve(FinishFile.NAME), "0\n");
    assertTrue(FinishFile.deleteStale(slot));
    assertEquals(List.of(), files());
  }

  @Test
  void whatTheClientWouldMisunderstandCannotBePlanned() {
    Optional<TemporaryExit> later = Optional.of(new TemporaryExit(Duration.ZERO, "x", false));
    Optional<FinishFile> done = Optional.of(new FinishFile(0));
    assertThrows(IllegalArgumentException.class, () -> new ExitPlan(0, done, later));
    assertThrows(IllegalArgumentException.class, () -> new ExitPlan(1, Optional.empty(), later));
    assertThrows(IllegalArgumentException.class, () -> new ExitPlan(1, done, Optional.empty()));
    assertThrows(IllegalArgumentException.class, () -> ExitPlan.bare(256));
    assertThrows(IllegalArgumentException.class, () -> new FinishFile(-1));
  }

  @Test
  void theClientsReadingOfBrokenFilesIsKnown() throws IOException {
    Files.writeString(slot.resolve(TemporaryExit.NAME), "600\n");
    assertEquals(Optional.empty(), TemporaryExit.read(slot), "no reason");
    Files.writeString(slot.resolve(TemporaryExit.NAME), "86401\nreason\n");
    assertEquals(Duration.ofMinutes(5), TemporaryExit.read(slot).orElseThrow().delay(), "too long");
    Files.writeString(slot.resolve(FinishFile.NAME), "");
    assertEquals(Optional.empty(), FinishFile.read(slot));
  }

  @Test
  void statusesThatBoincReservesAreThoseOfItsTable() {
    for (ExitStatus status : ExitStatus.values()) {
      assertTrue(ExitStatus.isReserved(status.code()), status.name());
    }
    assertEquals(18, ExitStatus.values().length);
    assertEquals(206, ExitStatus.EXIT_INIT_FAILURE.code());
    assertFalse(ExitStatus.isReserved(191));
    assertFalse(ExitStatus.isReserved(210));
  }
}
