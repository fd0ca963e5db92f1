package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * One connection to the engine. Reads and writes belong to one thread; {@link #abort} may come from
 * any. Keeps the deadlines, and sees an answer that arrives while the request is still being
 * written; how bytes travel is the {@link Wire}'s affair.
 */
final class Connection implements AutoCloseable {
  /** The longest that connecting may take, however patient the call is. */
  private static final Duration CONNECTING = Duration.ofSeconds(30);

  private final Wire wire;
  private final ByteBuffer in = ByteBuffer.allocateDirect(128 * 1024).limit(0);
  private volatile boolean aborted;
  private volatile boolean used;

  Connection(Endpoint endpoint) throws TransportException {
    try {
      this.wire = Wire.of(endpoint);
    } catch (TransportException known) {
      throw known;
    } catch (IOException noDescriptors) {
      throw new TransportException(
          Fault.UNREACHABLE, "no connection can be opened: " + noDescriptors.getMessage(), null);
    }
  }

  /**
   * @param silence of the call that needs the connection; zero: any
   */
  void connect(Duration silence) throws TransportException {
    boolean bounded = !silence.isZero() && silence.compareTo(CONNECTING) < 0;
    try {
      wire.connect(bounded ? silence : CONNECTING);
    } catch (IOException refused) {
      throw broken(refused);
    }
  }

  /** Whether a request went over this connection before. */
  boolean used() {
    return used;
  }

  /** Called when a request is complete: the next user takes the risk of a stale connection. */
  void markUsed() {
    used = true;
  }

  /** Whether an idle connection has been closed by the other side, or holds unasked bytes. */
  boolean stale() {
    try {
      return in.hasRemaining() || fillNow() != 0;
    } catch (IOException broken) {
      return true;
    }
  }

  /** The next byte, or -1 at the end. */
  int read(Duration silence) throws TransportException {
    return fill(silence) ? in.get() & 0xff : -1;
  }

  /** Some bytes, or -1 at the end. */
  int read(byte[] to, int offset, int length, Duration silence) throws TransportException {
    if (!fill(silence)) {
      return -1;
    }
    int count = Math.min(length, in.remaining());
    in.get(to, offset, count);
    return count;
  }

  /**
   * Some bytes, or -1 at the end, or 0 where {@link #wake} was called meanwhile; waits for as long
   * as it takes.
   */
  int readOrWake(byte[] to, int offset, int length) throws TransportException {
    try {
      int count = in.hasRemaining() ? in.remaining() : fillNow();
      if (count == 0) {
        boolean ready = wire.await(true, false, 0);
        if (aborted || Thread.currentThread().isInterrupted()) {
          throw TransportException.cancelled();
        }
        count = ready ? fillNow() : 0;
      }
      if (count > 0) {
        count = Math.min(length, in.remaining());
        in.get(to, offset, count);
      }
      return count;
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** From any thread: whoever is in {@link #readOrWake} returns. */
  void wake() {
    wire.wake();
  }

  /** Tells the other side that nothing more will be written. */
  void endOutput() throws TransportException {
    try {
      while (!wire.endOutput()) {
        await(false, true, CONNECTING);
      }
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Whether {@link #read} would not block. */
  boolean readableNow() throws TransportException {
    try {
      return in.hasRemaining() || fillNow() != 0;
    } catch (IOException broken) {
      throw broken(broken);
    }
  }

  /**
   * Writes until done, or until the other side says something.
   *
   * @param listen stop when there is something to read
   */
  void write(ByteBuffer bytes, boolean listen, Duration silence) throws TransportException {
    try {
      while (bytes.hasRemaining()) {
        if (listen && in.hasRemaining()) {
          return;
        }
        if (wire.write(bytes) == 0) {
          await(listen, true, silence);
        }
        if (listen && !in.hasRemaining() && fillNow() != 0) {
          return;
        }
      }
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private boolean fill(Duration silence) throws TransportException {
    try {
      while (!in.hasRemaining()) {
        int count = fillNow();
        if (count < 0) {
          return false;
        }
        if (count == 0) {
          await(true, false, silence);
        }
      }
      return true;
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private int fillNow() throws IOException {
    if (aborted) {
      throw TransportException.cancelled();
    }
    in.clear();
    try {
      return wire.read(in);
    } finally {
      in.flip();
    }
  }

  private void await(boolean toRead, boolean toWrite, Duration silence) throws IOException {
    long end = System.nanoTime() + silence.toNanos();
    while (true) {
      boolean ready = wire.await(toRead, toWrite, silence.isZero() ? 0 : Deadline.millisUntil(end));
      if (aborted || Thread.currentThread().isInterrupted()) {
        throw TransportException.cancelled();
      }
      if (ready) {
        return;
      }
      if (!silence.isZero() && System.nanoTime() - end >= 0) {
        throw new TransportException(
            Fault.TIMEOUT, "no answer within " + silence.toMillis() + " ms", null);
      }
    }
  }

  private TransportException broken(IOException cause) {
    if (aborted) {
      return TransportException.cancelled();
    }
    return cause instanceof TransportException known
        ? known
        : new TransportException(
            Fault.UNREACHABLE, "the connection broke: " + cause.getMessage(), cause);
  }

  /** From any thread: whoever reads or writes here gets {@link Fault#CANCELLED}. */
  void abort() {
    aborted = true;
    close();
  }

  boolean aborted() {
    return aborted;
  }

  @Override
  public void close() {
    try {
      wire.close();
    } catch (IOException alreadyGone) {
      aborted = true;
    }
  }
}
