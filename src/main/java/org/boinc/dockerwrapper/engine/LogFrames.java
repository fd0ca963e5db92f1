package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes apart the two streams that the engine sends as one: each frame has a head of eight bytes,
 * the first says which stream, the last four how long the frame is (Docker API, ContainerAttach).
 */
final class LogFrames {
  private static final int HEAD = 8;
  private static final int STDERR = 2;
  private static final int LARGEST_PIECE = 64 * 1024;

  private LogFrames() {}

  /**
   * Reads to the end.
   *
   * @throws TransportException if the stream breaks off within a frame
   * @throws IOException of the sink, as a {@link HostFileException}
   */
  static void read(InputStream body, LogSink sink) throws IOException {
    for (byte[] head = body.readNBytes(HEAD); head.length > 0; head = body.readNBytes(HEAD)) {
      if (head.length < HEAD) {
        throw brokenOff();
      }
      LogSink.Stream stream = head[0] == STDERR ? LogSink.Stream.STDERR : LogSink.Stream.STDOUT;
      long left = ByteBuffer.wrap(head).getInt(4) & 0xffff_ffffL;
      while (left > 0) {
        byte[] piece = new byte[(int) Math.min(left, LARGEST_PIECE)];
        int count = body.read(piece);
        if (count < 0) {
          throw brokenOff();
        }
        left -= count;
        pass(stream, count == piece.length ? piece : Arrays.copyOf(piece, count), sink);
      }
    }
  }

  private static void pass(LogSink.Stream stream, byte[] bytes, LogSink sink)
      throws HostFileException {
    try {
      sink.accept(stream, bytes);
    } catch (IOException e) {
      throw new HostFileException(e);
    }
  }

  private static TransportException brokenOff() {
    return new TransportException(Fault.UNREACHABLE, "the output breaks off", null);
  }
}
