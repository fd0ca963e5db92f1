package org.boinc.dockerwrapper.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyUploadsTest {
  @TempDir Path data;
  private final Timeline timeline = new Timeline(entry -> {});
  private final EarlyUploads uploads = new EarlyUploads();
  private final SimulatedFile part = SimulatedFile.output("part").atMost(10);
  private SimulatedSlot slot;

  @BeforeEach
  void prepare() throws IOException {
    slot =
        SimulatedSlot.in(data).file(part).file(SimulatedFile.output("copied").copied()).prepare();
  }

  private void ask(String name) throws IOException {
    Files.createFile(slot.directory().resolve("boinc_ufr_" + name));
    uploads.takeRequests(slot, timeline);
    assertFalse(Files.exists(slot.directory().resolve("boinc_ufr_" + name)));
  }

  private void transfer() throws IOException {
    uploads.transfer(slot, timeline, false);
  }

  private Path answer() {
    return slot.directory().resolve("boinc_ufs_part");
  }

  private String lastSaid() {
    return timeline.entries().getLast().text();
  }

  private void write(String text) throws IOException {
    Files.writeString(slot.inProject(part), text);
  }

  @Test
  void anUploadedFileIsOnTheServerAndNoLongerInTheProjectDirectory() throws IOException {
    write("12345");
    ask("part");
    assertEquals("upload of part requested, 5 bytes", lastSaid());
    assertFalse(Files.exists(answer()));
    transfer();
    assertEquals("uploaded part, 5 bytes", lastSaid());
    assertEquals("<status>0</status>\n", Files.readString(answer()));
    assertTrue(uploads.owesNews());
    assertFalse(Files.exists(slot.inProject(part)));
    assertEquals("12345", Files.readString(slot.onServer(part)));
    assertEquals(List.of(), uploads.problems());
    assertEquals(
        new OutputCheck("part", OptionalLong.of(5), Optional.empty()),
        OutputCheck.collect(slot, uploads).getFirst(),
        "the client does not look for it again");
    Path expected = Files.createDirectory(data.resolve("expected"));
    Files.writeString(expected.resolve("part"), "12345");
    assertEquals(List.of(), OutputCheck.compare(slot, expected));
    slot.remove();
    assertFalse(Files.exists(slot.onServer(part)));
  }

  @Test
  void nothingIsUploadedWhileTheNetworkIsSuspended() throws IOException {
    write("12345");
    ask("part");
    uploads.transfer(slot, timeline, true);
    assertFalse(Files.exists(answer()));
    transfer();
    assertTrue(Files.exists(answer()));
  }

  @Test
  void aRequestForAFileThatIsNotThereCostsTheJob() throws IOException {
    ask("copied");
    assertTrue(uploads.lost());
    assertEquals(
        List.of(
            "upload failure: the wrapper asked for the upload of copied, which is not in the project directory (error -108)"),
        uploads.problems());
    transfer();
    assertFalse(uploads.owesNews());
  }

  @Test
  void aRequestForWhatIsNoOutputIsNeverAnswered() throws IOException {
    ask("nonsense");
    transfer();
    assertFalse(uploads.lost());
    assertFalse(uploads.owesNews());
    assertTrue(lastSaid().contains("nonsense, which is no output"), lastSaid());
  }

  @Test
  void theServerRefusesAFileThatIsTooLarge() throws IOException {
    write("12345678901");
    ask("part");
    transfer();
    assertEquals(
        List.of("output part: has 11 bytes, max_nbytes is 10, and the server refuses it"),
        uploads.problems());
    assertFalse(Files.exists(slot.onServer(part)));
  }

  @Test
  void nothingIsSentTwice() throws IOException {
    write("12345");
    ask("part");
    transfer();
    write("other");
    ask("part");
    transfer();
    assertTrue(lastSaid().contains("asks again"), lastSaid());
    assertEquals("12345", Files.readString(slot.onServer(part)));
    assertEquals(1, uploads.count());
  }
}
