package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.Channel;
import org.boinc.dockerwrapper.boinc.ClientChannels;
import org.boinc.dockerwrapper.boinc.SharedMemory;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.UploadPlan;
import org.boinc.dockerwrapper.run.UploadState.Stage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that the job writes in their place; the test is job and client, and writes the ticks. */
class UploadsTest {
  private static final String ANNOUNCED = "<have_new_upload_file/>\n";

  @TempDir Path slot;
  @TempDir Path project;
  private final List<String> said = new ArrayList<>();
  private Channel toClient;
  private Channel fromClient;
  private ClientChannels channels;
  private Optional<String> variety = Optional.empty();

  @BeforeEach
  void attach() throws IOException {
    toClient = new Channel(SharedMemory.create(slot), Channel.Name.TRICKLE_UP);
    fromClient = new Channel(SharedMemory.attach(slot), Channel.Name.TRICKLE_DOWN);
    channels = new ClientChannels(SharedMemory.attach(slot));
  }

  private Uploads episode() throws IOException {
    Path path = project.resolve("out_part");
    UploadPlan.Output output = new UploadPlan.Output("part", path, Optional.empty());
    return new Uploads(
        slot,
        Optional.of(channels),
        List.of(new UploadPlan("part*", variety, List.of(output))),
        List.of(new JobPlan.OutputLink("part", path)),
        new UploadSource(
            slot,
            () -> {
              throw new AssertionError("nothing is in the container");
            },
            "none",
            said::add),
        journal(),
        said::add);
  }

  private Journal journal() throws IOException {
    return Journal.open(new Slot(slot), "wu_0", said::add);
  }

  private UploadState state() throws IOException {
    return journal().get(e -> e.uploads.getOrDefault("part", UploadState.NEW));
  }

  private void ticks(Uploads uploads, int count) {
    for (int i = 0; i < count; i++) {
      uploads.tick(channels);
    }
  }

  private void write(String text) throws IOException {
    Files.writeString(project.resolve("out_part"), text);
  }

  private boolean requested() {
    return Files.exists(slot.resolve("boinc_ufr_part"));
  }

  /** The client takes the request, and the file is uploaded and deleted. */
  private void clientTakes() throws IOException {
    assertEquals(Optional.of(ANNOUNCED), toClient.take());
    Files.delete(slot.resolve("boinc_ufr_part"));
  }

  private void clientAnswers(int status) throws IOException {
    Files.writeString(slot.resolve("boinc_ufs_part"), "<status>" + status + "</status>\n");
    fromClient.send("<upload_file_status/>\n");
  }

  @Test
  void aCompleteOutputIsAskedForOnce() throws IOException {
    Uploads uploads = episode();
    ticks(uploads, 3);
    write("half");
    ticks(uploads, Settling.REST);
    assertFalse(requested(), "it has just been written");
    write("whole");
    ticks(uploads, Settling.REST);
    assertFalse(requested(), "it has just been changed");
    ticks(uploads, 1);
    assertTrue(requested());
    assertEquals(0, Files.size(slot.resolve("boinc_ufr_part")));
    clientTakes();
    ticks(uploads, 3 * Settling.REST);
    assertFalse(requested());
    assertFalse(toClient.isFull());
    assertEquals(Stage.REQUESTED, state().stage());
    assertEquals(
        List.of("output 'part' is complete (5 bytes); the client is asked to upload it now"), said);
  }

  @Test
  void theAnswerIsToldDeletedAndTakenFromItsChannel() throws IOException {
    Uploads uploads = episode();
    write("whole");
    ticks(uploads, Settling.REST + 1);
    clientTakes();
    Files.delete(project.resolve("out_part"));
    clientAnswers(0);
    ticks(uploads, 2);
    assertFalse(fromClient.isFull());
    assertFalse(Files.exists(slot.resolve("boinc_ufs_part")));
    assertEquals(Stage.UPLOADED, state().stage());
    assertEquals("output 'part' was uploaded while the job runs", said.getLast());
    // The engine mounts it again whenever it looks into the container.
    assertEquals(0, Files.size(project.resolve("out_part")));
    ticks(uploads, 2 * Settling.REST);
    assertFalse(requested());
    assertEquals(2, said.size(), said::toString);
  }

  @Test
  void aFullChannelIsTriedAgain() throws IOException {
    assertTrue(toClient.send("unread"));
    Uploads uploads = episode();
    write("whole");
    ticks(uploads, 2 * Settling.REST);
    assertTrue(requested());
    assertEquals(Optional.of("unread"), toClient.take());
    ticks(uploads, 1);
    clientTakes();
  }

  @Test
  void whileTheJobIsPausedNothingComesToRest() throws IOException {
    Uploads uploads = episode();
    write("half");
    ticks(uploads, 2);
    uploads.paused(true);
    ticks(uploads, 5 * Settling.REST);
    assertFalse(requested());
    uploads.paused(false);
    ticks(uploads, Settling.REST);
    assertTrue(requested());
  }

  @Test
  void afterTheStopNothingIsAskedFor() throws IOException {
    Uploads uploads = episode();
    write("whole");
    ticks(uploads, Settling.REST);
    uploads.stop();
    ticks(uploads, 5);
    assertFalse(requested());
    assertEquals(List.of(), said);
  }

  @Test
  void anEpisodeThatWasKilledBeforeTheAnswerNeitherAsksAgainNorMissesTheAnswer()
      throws IOException {
    Uploads killed = episode();
    write("whole");
    ticks(killed, Settling.REST + 1);
    clientTakes();
    Uploads next = episode();
    ticks(next, 2 * Settling.REST);
    assertFalse(requested());
    assertFalse(toClient.isFull());
    clientAnswers(1);
    Uploads afterThat = episode();
    ticks(afterThat, 1);
    assertEquals("output 'part' was uploaded while the job runs", said.getLast());
    assertEquals(2, said.size(), said::toString);
  }

  @Test
  void anEpisodeThatWasKilledBeforeItsRequestWasTakenAnnouncesItAgain() throws IOException {
    Uploads killed = episode();
    write("whole");
    ticks(killed, Settling.REST + 1);
    assertTrue(toClient.take().isPresent(), "the client empties the memory at each start");
    ticks(episode(), 1);
    clientTakes();
    assertEquals(1, state().requests());
  }

  @Test
  void aRequestThatWasNotWrittenDownAnyMoreCounts() throws IOException {
    write("whole");
    Files.createFile(slot.resolve("boinc_ufr_part"));
    Uploads next = episode();
    ticks(next, 1);
    assertEquals(Stage.REQUESTED, state().stage());
    assertEquals(1, state().requests());
    clientTakes();
    ticks(next, 2 * Settling.REST);
    assertFalse(requested());
  }

  @Test
  void aFailureIsToldAndAskedForAgainThreeTimesInAll() throws IOException {
    Uploads uploads = episode();
    write("whole");
    ticks(uploads, Settling.REST + 1);
    for (int request = 1; request < Uploads.MOST_REQUESTS; request++) {
      clientTakes();
      clientAnswers(-128);
      ticks(uploads, 1);
      assertEquals(
          "the upload of output 'part' failed with status -128; the client is asked again in 60 s",
          said.getLast());
      ticks(uploads, Uploads.SECONDS_BETWEEN_REQUESTS - 1);
      assertFalse(requested());
      ticks(uploads, Settling.REST + 1);
      assertTrue(requested());
    }
    clientTakes();
    clientAnswers(-128);
    ticks(uploads, 3 * Uploads.SECONDS_BETWEEN_REQUESTS);
    assertFalse(requested());
    assertEquals(
        "the upload of output 'part' failed with status -128; it is left for the end of the job",
        said.getLast());
    assertEquals(Stage.FAILED, state().stage());
  }

  @Test
  void theServerIsToldOnceAndWhenTheMessageBeforeIsGone() throws IOException {
    variety = Optional.of("part.done");
    Path waiting = Files.writeString(slot.resolve("trickle_up.xml"), "another");
    Uploads uploads = episode();
    write("whole");
    ticks(uploads, Settling.REST + 2);
    assertEquals("another", Files.readString(waiting));
    assertFalse(state().trickled());
    Files.delete(waiting);
    ticks(uploads, 1);
    String message =
        "<variety>part.done</variety>\n<open_name>part</open_name>\n<file_name>out_part</file_name>\n<nbytes>5</nbytes>\n";
    assertEquals(message, Files.readString(waiting));
    assertTrue(state().trickled());
    Files.delete(waiting);
    ticks(uploads, Settling.REST);
    ticks(episode(), Settling.REST);
    assertFalse(Files.exists(waiting));
  }

  @Test
  void requestAndMessageAreAnnouncedTogether() throws IOException {
    variety = Optional.of("part");
    Uploads uploads = episode();
    write("whole");
    ticks(uploads, Settling.REST + 1);
    assertEquals(Optional.of("<have_new_trickle_up/>\n" + ANNOUNCED), toClient.take());
  }

  @Test
  void aMessageThatWasNotWrittenDownAnyMoreIsNotLeftTwice() throws IOException {
    variety = Optional.of("part");
    Uploads killed = episode();
    write("whole");
    ticks(killed, Settling.REST + 2);
    Journal journal = journal();
    journal.update(
        e ->
            e.uploads =
                java.util.Map.of("part", new UploadState(Stage.REQUESTED, 1, false, 5, "t")));
    ticks(episode(), 1);
    assertTrue(state().trickled());
  }

  @Test
  void aLinkInTheOutputsPlaceIsNotAskedFor() throws IOException {
    Path secret = Files.writeString(slot.resolve("secret"), "a host's file");
    Files.createSymbolicLink(project.resolve("out_part"), secret);
    ticks(episode(), 3 * Settling.REST);
    assertFalse(requested());
  }

  @Test
  void aSlotThatCanNotBeReadIsToldOnceAndTriedAgain() throws IOException {
    Uploads uploads = episode();
    write("whole");
    Path moved = Files.move(slot, project.resolve("away"));
    ticks(uploads, 3);
    assertEquals(1, said.size(), said::toString);
    Files.move(moved, slot);
    ticks(uploads, Settling.REST + 1);
    assertTrue(requested());
  }
}
