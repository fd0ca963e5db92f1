package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The two streams of a container in one. */
class LogFramesTest {
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final StringBuilder out = new StringBuilder();
  private final StringBuilder err = new StringBuilder();

  private void frame(int stream, byte[] payload) {
    sent.writeBytes(ByteBuffer.allocate(8).put(0, (byte) stream).putInt(4, payload.length).array());
    sent.writeBytes(payload);
  }

  private void frame(int stream, String text) {
    frame(stream, text.getBytes(StandardCharsets.UTF_8));
  }

  private void read(byte[] bytes) throws IOException {
    LogFrames.read(
        new ByteArrayInputStream(bytes),
        (stream, piece) ->
            (stream == LogSink.Stream.STDERR ? err : out)
                .append(new String(piece, StandardCharsets.UTF_8)));
  }

  @Test
  void eachStreamGetsItsOwn() throws Exception {
    frame(1, "one\n");
    frame(2, "wrong\n");
    frame(1, "");
    frame(1, "two\n");
    read(sent.toByteArray());
    assertEquals("one\ntwo\n", out.toString());
    assertEquals("wrong\n", err.toString());
  }

  @Test
  void aFrameLargerThanMemoryWouldBearComesInPieces() throws Exception {
    frame(1, "x".repeat(1 << 20));
    read(sent.toByteArray());
    assertEquals(1 << 20, out.length());
  }

  @Test
  void nothingIsNoOutput() throws Exception {
    read(new byte[0]);
    assertEquals("", out.toString());
  }

  @Test
  void aStreamThatBreaksOffIsTheEnginesFault() {
    frame(1, "four");
    byte[] whole = sent.toByteArray();
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      TransportException e = assertThrows(TransportException.class, () -> read(cut));
      assertEquals(Fault.UNREACHABLE, e.fault());
    }
  }

  @Test
  void anErrorOfTheSinkIsTheHosts() {
    frame(1, "x");
    IOException full = new IOException("no space left on device");
    HostFileException e =
        assertThrows(
            HostFileException.class,
            () ->
                LogFrames.read(
                    new ByteArrayInputStream(sent.toByteArray()),
                    (stream, piece) -> {
                      throw full;
                    }));
    assertSame(full, e.original());
  }
}
