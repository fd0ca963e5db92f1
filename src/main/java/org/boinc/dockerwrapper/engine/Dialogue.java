package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which both sides talk as they like. What the other side says is read here; what
 * is said to it goes out meanwhile, on the reader's thread, so that neither side ever waits for the
 * other to listen.
 */
final class Dialogue extends InputStream {
  private static final int PIECE = 32 * 1024;

  private final Connection connection;

  // Guarded by this.
  private @Nullable ByteBuffer outgoing;
  private boolean last;
  private boolean ended;

  Dialogue(Connection connection) {
    this.connection = connection;
  }

  /** Says all that a stream has, from now on until its end; the stream may block for ever. */
  void say(InputStream input) {
    Thread.ofPlatform().daemon().name("input").start(() -> pump(input));
  }

  private void pump(InputStream input) {
    byte[] piece = new byte[PIECE];
    try {
      for (int count = input.read(piece); count >= 0; count = input.read(piece)) {
        if (!hand(ByteBuffer.wrap(piece, 0, count))) {
          return;
        }
      }
    } catch (IOException unreadable) {
      // For the other side, input that breaks off has ended.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      last = true;
      connection.wake();
    }
  }

  /** Comes back when the bytes have gone: false where nobody wants them any more. */
  private synchronized boolean hand(ByteBuffer bytes) throws InterruptedException {
    outgoing = bytes;
    connection.wake();
    while (outgoing != null && !ended) {
      wait();
    }
    return !ended;
  }

  @Override
  public int read() throws TransportException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws TransportException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      send();
      int count = connection.readOrWake(to, offset, length);
      if (count != 0) {
        return count;
      }
    }
  }

  /** Stops where the other side says something, which must be read first. */
  private synchronized void send() {
    if (ended) {
      return;
    }
    try {
      if (outgoing != null) {
        connection.write(outgoing, true, Duration.ZERO);
        outgoing = outgoing.hasRemaining() ? outgoing : null;
      } else if (last) {
        connection.endOutput();
        ended = true;
      }
    } catch (TransportException nobodyListens) {
      // What it still has to say is heard nevertheless; a connection that is gone says so there.
      ended = true;
    }
    notifyAll();
  }
}
