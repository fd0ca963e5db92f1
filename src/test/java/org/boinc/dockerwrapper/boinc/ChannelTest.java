package org.boinc.dockerwrapper.boinc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelTest {
  @TempDir Path slot;
  SharedMemory client;

  @BeforeEach
  void theClientPreparesTheSlot() throws IOException {
    client = SharedMemory.create(slot);
  }

  @Test
  void bothSidesSeeTheSameMailbox() throws IOException {
    Channel writer = new Channel(client, Channel.Name.HEARTBEAT);
    Channel reader = new Channel(SharedMemory.attach(slot), Channel.Name.HEARTBEAT);

    assertEquals(Optional.empty(), reader.take());
    assertTrue(writer.send("<heartbeat/>"));
    assertTrue(reader.isFull());
    assertEquals(Optional.of("<heartbeat/>"), reader.take());
    assertFalse(writer.isFull());
    assertEquals(Optional.empty(), reader.take());
  }

  @Test
  void aChannelLiesWhereTheClientLooks() throws IOException {
    new Channel(SharedMemory.attach(slot), Channel.Name.APP_STATUS).send("x");

    byte[] file = Files.readAllBytes(slot.resolve("boinc_mmap_file"));
    assertEquals(1, file[5 * 1024]);
    assertEquals('x', file[5 * 1024 + 1]);
    assertEquals(0, file[5 * 1024 + 2]);
  }

  @Test
  void whatTheClientWasToldLastCanBeSeenByOthers() throws IOException {
    assertEquals(Optional.empty(), AppStatus.lastIn(slot));
    Channel channel = new Channel(client, Channel.Name.APP_STATUS);
    AppStatus status =
        new AppStatus(
            3, 2, OptionalDouble.of(0.5), OptionalLong.empty(), false, OptionalInt.empty());
    channel.send(status.toMessage());
    assertEquals(Optional.of(status), AppStatus.lastIn(slot));
    channel.take();
    assertEquals(Optional.of(status), AppStatus.lastIn(slot));
    Files.delete(slot.resolve(SharedMemory.FILE));
    assertEquals(Optional.empty(), AppStatus.lastIn(slot));
  }

  /** BOINC's library leaves them out where they are 0, too. */
  @Test
  void bytesAreToldWhereThereAreAny() {
    AppStatus status =
        new AppStatus(
            3,
            2,
            OptionalDouble.empty(),
            OptionalLong.empty(),
            false,
            OptionalInt.empty(),
            5_000_000_000L,
            0);
    assertEquals(
        """
        <current_cpu_time>3.0</current_cpu_time>
        <checkpoint_cpu_time>2.0</checkpoint_cpu_time>
        <bytes_received>5000000000</bytes_received>
        """,
        status.toMessage());
    assertEquals(status, AppStatus.parse(status.toMessage()));
  }

  @Test
  void c5AnUnreadMessageStaysUntouched() {
    Channel channel = new Channel(client, Channel.Name.APP_STATUS);
    assertTrue(channel.send("old"));
    assertFalse(channel.send("new"));
    assertEquals(Optional.of("old"), channel.take());
    assertTrue(channel.send("new"));
    assertEquals(Optional.of("new"), channel.take());
  }

  @Test
  void aShorterMessageHidesTheRestOfALongerOne() {
    Channel channel = new Channel(client, Channel.Name.APP_STATUS);
    channel.send("a long message");
    channel.take();
    channel.send("short");
    assertEquals(Optional.of("short"), channel.take());
  }

  @Test
  void theLongestMessageStaysInsideItsChannel() {
    Channel channel = new Channel(client, Channel.Name.APP_STATUS);
    String longest = "x".repeat(Channel.MAX_TEXT);
    assertTrue(channel.send(longest));
    assertEquals(0, client.part(0, SharedMemory.SIZE).get(6 * 1024 - 1));
    assertEquals(Optional.of(longest), channel.take());
    assertFalse(new Channel(client, Channel.Name.TRICKLE_UP).isFull());
    assertThrows(IllegalArgumentException.class, () -> channel.send(longest + "x"));
  }

  @Test
  void anyFlagButZeroIsAMessageAndAMissingNulEndsAtTheChannelsEnd() {
    byte[] full = new byte[1024];
    Arrays.fill(full, (byte) 'y');
    client.part(4 * 1024, 1024).put(full);
    Channel channel = new Channel(client, Channel.Name.HEARTBEAT);
    assertEquals(Optional.of("y".repeat(Channel.MAX_TEXT)), channel.take());
    assertFalse(channel.isFull());
  }

  @Test
  void c8AMessageIsShortenedAtElementBoundaries() {
    String element = "<e>" + "x".repeat(400) + "</e>\n";
    assertEquals(element + element, Channel.fit(List.of(element, element, element)));
    assertEquals(1022, Channel.fit(List.of("x".repeat(1022), "y")).length());
  }

  @Test
  void c2ALargerFileIsUsedUpToItsEighthKilobyte() throws IOException {
    Files.write(slot.resolve(SharedMemory.FILE), new byte[3 * SharedMemory.SIZE]);
    SharedMemory memory = SharedMemory.attach(slot);
    assertTrue(new Channel(memory, Channel.Name.TRICKLE_DOWN).send("x"));
    assertThrows(IndexOutOfBoundsException.class, () -> memory.part(SharedMemory.SIZE, 1));
    assertEquals(3L * SharedMemory.SIZE, Files.size(slot.resolve(SharedMemory.FILE)));
  }

  @Test
  void aFileThatTheClientHasNotPreparedIsRefused() throws IOException {
    Path file = slot.resolve(SharedMemory.FILE);
    for (int size : new int[] {0, SharedMemory.SIZE - 1}) {
      Files.write(file, new byte[size]);
      IOException refusal = assertThrows(IOException.class, () -> SharedMemory.attach(slot));
      assertEquals(
          file + ": has " + size + " bytes, the shared memory needs 8192", refusal.getMessage());
      assertEquals(size, Files.size(file), "refusing must not change the file");
    }
    Files.delete(file);
    assertThrows(NoSuchFileException.class, () -> SharedMemory.attach(slot));
  }

  @Test
  void preparingEmptiesOldMessages() throws IOException {
    new Channel(client, Channel.Name.TRICKLE_DOWN).send("old");
    assertFalse(new Channel(SharedMemory.create(slot), Channel.Name.TRICKLE_DOWN).isFull());
  }

  @Test
  void whoSeesTheFlagSeesTheWholeText() throws Exception {
    int messages = 10_000;
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              Channel channel = new Channel(client, Channel.Name.APP_STATUS);
              for (int i = 0; i < messages; i++) {
                while (!channel.send(message(i))) {
                  Thread.onSpinWait();
                }
              }
            });
    Channel channel = new Channel(SharedMemory.attach(slot), Channel.Name.APP_STATUS);
    for (int i = 0; i < messages; i++) {
      Optional<String> text = channel.take();
      while (text.isEmpty()) {
        Thread.onSpinWait();
        text = channel.take();
      }
      assertEquals(message(i), text.get());
    }
    writer.get();
  }

  private static String message(int number) {
    String digits = Integer.toString(number);
    return digits.repeat(1 + number % 200);
  }

  @Test
  void whatIsNotAsciiBecomesAQuestionMark() {
    Channel channel = new Channel(client, Channel.Name.GRAPHICS_REPLY);
    channel.send("caf\u00e9");
    assertEquals(Optional.of("caf?"), channel.take());
  }
}
