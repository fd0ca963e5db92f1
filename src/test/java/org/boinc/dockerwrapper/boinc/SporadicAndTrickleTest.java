package org.boinc.dockerwrapper.boinc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.boinc.dockerwrapper.boinc.Channel.Name;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SporadicAndTrickleTest {
  @TempDir Path slot;
  Channel trickleUp;
  ClientChannels channels;

  @BeforeEach
  void attach() throws IOException {
    trickleUp = new Channel(SharedMemory.create(slot), Name.TRICKLE_UP);
    channels = new ClientChannels(SharedMemory.attach(slot));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(slot.resolve(name), text);
  }

  @Test
  void c55TheClientsStateIsWrittenExactly() throws IOException {
    write("ca", "3\njunk of an earlier episode");
    SporadicFiles files = SporadicFiles.open(slot);
    assertEquals("1\n", Files.readString(slot.resolve("ca")));
    files.clientState(3);
    assertEquals("3\n", Files.readString(slot.resolve("ca")));
  }

  @Test
  void theClientsStateIsWrittenOnlyWhenItChanges() throws IOException {
    SporadicFiles files = SporadicFiles.open(slot);
    Files.delete(slot.resolve("ca"));
    files.clientState(1);
    assertFalse(Files.exists(slot.resolve("ca")));
    files.clientState(2);
    assertTrue(Files.exists(slot.resolve("ca")));
  }

  @Test
  void c56TheLastStateOfTheJobCountsHoweverFastItChanges() throws IOException {
    SporadicFiles files = SporadicFiles.open(slot);
    assertEquals(OptionalInt.empty(), files.appState());
    for (String state : List.of("2", "1", "2")) {
      write("ac", state);
    }
    assertEquals(OptionalInt.of(2), files.appState());
    write("ac", "1\n");
    assertEquals(OptionalInt.of(1), files.appState());
    write("ac", "0\n");
    assertEquals(OptionalInt.empty(), files.appState());
  }

  @Test
  void nonsenseFromTheJobChangesNothing() throws IOException {
    SporadicFiles files = SporadicFiles.open(slot);
    write("ac", "2\n");
    assertEquals(OptionalInt.of(2), files.appState());
    for (String nonsense : List.of("", "x", "7", "-1", "9".repeat(100_000))) {
      write("ac", nonsense);
      assertEquals(OptionalInt.of(2), files.appState(), nonsense);
    }
    Files.delete(slot.resolve("ac"));
    assertEquals(OptionalInt.of(2), files.appState());
    Path secret = write("secret", "1");
    Files.createSymbolicLink(slot.resolve("ac"), secret);
    assertEquals(OptionalInt.of(2), files.appState(), "a link is not followed");
    Files.delete(slot.resolve("ac"));
    Files.createDirectory(slot.resolve("ac"));
    assertEquals(OptionalInt.of(2), files.appState());
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = slot.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertEquals(Optional.empty(), UntrustedFile.readStart(pipe, 10));
  }

  @Test
  void noMoreThanTheBeginningOfAFileIsRead() throws IOException {
    Path file = write("file", "0123456789");
    assertEquals(4, UntrustedFile.readStart(file, 4).orElseThrow().length);
    assertEquals(10, UntrustedFile.readStart(file, 40).orElseThrow().length);
  }

  @Test
  void aTrickleUpIsAnnouncedUntilTheClientAcceptsIt() throws IOException {
    TrickleFiles files = new TrickleFiles(slot, channels);
    files.announce();
    assertFalse(trickleUp.isFull(), "nothing to say");

    assertTrue(trickleUp.send("unread"));
    assertTrue(files.trickleUp("progress", "<step>7</step>\n"));
    assertEquals(
        "<variety>progress</variety>\n<step>7</step>\n",
        Files.readString(slot.resolve("trickle_up.xml")));
    files.announce();
    assertEquals(Optional.of("unread"), trickleUp.take());
    files.announce();
    assertEquals(Optional.of("<have_new_trickle_up/>\n"), trickleUp.take());
    files.announce();
    assertFalse(trickleUp.isFull(), "announced once");
  }

  @Test
  void aTrickleUpThatIsNotFetchedYetIsKept() throws IOException {
    TrickleFiles files = new TrickleFiles(slot, channels);
    assertTrue(files.trickleUp("progress", "first"));
    assertFalse(files.trickleUp("progress", "second"));
    assertTrue(Files.readString(slot.resolve("trickle_up.xml")).endsWith("first"));
    Files.delete(slot.resolve("trickle_up.xml"));
    assertTrue(files.trickleUp("progress", "second"));
  }

  @Test
  void whatAnEarlierEpisodeLeftIsAnnouncedAgain() throws IOException {
    write("trickle_up.xml", "<variety>progress</variety>\n");
    write("boinc_ufr_part_1", "");
    new TrickleFiles(slot, channels).announce();
    assertEquals(
        Optional.of("<have_new_trickle_up/>\n<have_new_upload_file/>\n"), trickleUp.take());
  }

  @Test
  void anUploadIsRequestedByAnEmptyFileAndItsStatusRead() throws IOException {
    TrickleFiles files = new TrickleFiles(slot, channels);
    files.requestUpload("part_1");
    assertEquals(0, Files.size(slot.resolve("boinc_ufr_part_1")));
    files.announce();
    assertEquals(Optional.of("<have_new_upload_file/>\n"), trickleUp.take());

    assertEquals(OptionalInt.empty(), files.uploadStatus("part_1"));
    write("boinc_ufs_part_1", "<status>-161</status>\n");
    assertEquals(OptionalInt.of(-161), files.uploadStatus("part_1"));
  }

  @Test
  void anAnswerThatWasReadCanBeForgottenAndRequestsBeListed() throws IOException {
    TrickleFiles files = new TrickleFiles(slot, channels);
    assertEquals(List.of(), files.waitingRequests());
    files.requestUpload("b");
    files.requestUpload("a");
    assertEquals(List.of("a", "b"), files.waitingRequests());
    Path answer = write("boinc_ufs_a", "<status>1</status>\n");
    files.forgetStatus("a");
    files.forgetStatus("b");
    assertFalse(Files.exists(answer));
  }

  @Test
  void theVeryMessageThatWaitsAlreadyIsNotLeftAgain() throws IOException {
    TrickleFiles files = new TrickleFiles(slot, channels);
    assertTrue(files.trickleUpOfUpload("part", "a<b", "wu_0_r1", 7));
    assertEquals(
        "<variety>part</variety>\n<open_name>a&lt;b</open_name>\n<file_name>wu_0_r1</file_name>\n<nbytes>7</nbytes>\n",
        Files.readString(slot.resolve("trickle_up.xml")));
    assertTrue(files.trickleUpOfUpload("part", "a<b", "wu_0_r1", 7));
    assertFalse(files.trickleUpOfUpload("part", "a<b", "wu_0_r1", 8));
  }

  @Test
  void tricklesDownAreListedOldestFirst() throws IOException {
    Path second = write("trickle_down_1700000100", "b");
    Path first = write("trickle_down_1700000000", "a");
    write("trickled", "no");
    assertEquals(List.of(first, second), new TrickleFiles(slot, channels).trickleDowns());
  }

  @Test
  void namesThatWouldLeaveTheSlotAreRefused() throws IOException {
    TrickleFiles files = new TrickleFiles(slot, channels);
    for (String name : List.of("", "a/b", "../x", "a\0b")) {
      assertThrows(IllegalArgumentException.class, () -> files.requestUpload(name), name);
    }
    for (String variety : List.of("", "a b", "</variety>", "a\nb")) {
      assertThrows(IllegalArgumentException.class, () -> files.trickleUp(variety, ""), variety);
    }
  }
}
