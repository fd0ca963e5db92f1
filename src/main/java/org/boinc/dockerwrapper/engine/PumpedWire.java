package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link BlockingPipe} a wire: one thread carries its bytes into a buffer, another out of
 * one, and whoever uses the wire waits at the buffers, so that deadlines and {@link #close} work
 * although the pipe blocks. Both threads end with the pipe.
 */
final class PumpedWire implements Wire {
  private static final int ROOM = 64 * 1024;

  /** How long a broken pipe may take to say why. */
  private static final long EXPLANATION_MILLIS = 1000;

  private final BlockingPipe pipe;
  private final Object lock = new Object();

  // Guarded by lock, ready to be read from.
  private final ByteBuffer incoming = ByteBuffer.allocate(ROOM).limit(0);
  private final ByteBuffer outgoing = ByteBuffer.allocate(ROOM).limit(0);
  private boolean answered;
  private boolean ended;
  private boolean closed;
  private boolean woken;
  private boolean outputEnded;
  private @Nullable IOException readFailure;
  private @Nullable IOException writeFailure;

  PumpedWire(BlockingPipe pipe) {
    this.pipe = pipe;
  }

  @Override
  public void connect(Duration patience) throws IOException {
    pipe.open(patience);
    Thread.ofPlatform().daemon().name("pipe-in").start(this::pumpIn);
    Thread.ofPlatform().daemon().name("pipe-out").start(this::pumpOut);
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    synchronized (lock) {
      refuseClosed();
      if (incoming.hasRemaining()) {
        int count = move(incoming, to);
        lock.notifyAll();
        return count;
      }
      if (readFailure != null) {
        throw readFailure;
      }
      return ended ? -1 : 0;
    }
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    synchronized (lock) {
      refuseClosed();
      if (writeFailure != null) {
        throw writeFailure;
      }
      if (outgoing.hasRemaining()) {
        return 0;
      }
      outgoing.clear();
      int count = move(from, outgoing);
      outgoing.flip();
      lock.notifyAll();
      return count;
    }
  }

  private static int move(ByteBuffer from, ByteBuffer to) {
    int count = Math.min(from.remaining(), to.remaining());
    to.put(from.slice(from.position(), count));
    from.position(from.position() + count);
    return count;
  }

  private void refuseClosed() throws IOException {
    if (closed) {
      throw new AsynchronousCloseException();
    }
  }

  @Override
  public boolean await(boolean toRead, boolean toWrite, long millis) throws IOException {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    synchronized (lock) {
      while (true) {
        refuseClosed();
        boolean readable = incoming.hasRemaining() || ended || readFailure != null;
        boolean writable = !outgoing.hasRemaining() || writeFailure != null;
        if ((toRead && readable) || (toWrite && writable)) {
          return true;
        }
        if (woken) {
          woken = false;
          return false;
        }
        if (millis > 0 && System.nanoTime() - end >= 0) {
          return false;
        }
        try {
          lock.wait(millis == 0 ? 0 : Deadline.millisUntil(end));
        } catch (InterruptedException stopped) {
          Thread.currentThread().interrupt();
          return true;
        }
      }
    }
  }

  @Override
  public void wake() {
    synchronized (lock) {
      woken = true;
      lock.notifyAll();
    }
  }

  @Override
  public boolean endOutput() {
    synchronized (lock) {
      outputEnded = true;
      lock.notifyAll();
      return true;
    }
  }

  private void pumpIn() {
    byte[] buffer = new byte[ROOM];
    IOException failure = null;
    try {
      for (int count = pipe.read(buffer); count >= 0; count = pipe.read(buffer)) {
        deliver(buffer, count);
      }
    } catch (IOException broken) {
      failure = broken;
    } catch (InterruptedException stopped) {
      failure = new AsynchronousCloseException();
    }
    Optional<String> complaint = pipe.complaint(answered());
    synchronized (lock) {
      readFailure =
          complaint.isPresent()
              ? new TransportException(Fault.UNREACHABLE, complaint.get(), failure)
              : failure;
      ended = true;
      lock.notifyAll();
    }
  }

  private boolean answered() {
    synchronized (lock) {
      return answered;
    }
  }

  private void deliver(byte[] bytes, int count) throws IOException, InterruptedException {
    synchronized (lock) {
      while (incoming.hasRemaining() && !closed) {
        lock.wait();
      }
      refuseClosed();
      answered |= count > 0;
      incoming.clear().put(bytes, 0, count).flip();
      lock.notifyAll();
    }
  }

  private void pumpOut() {
    byte[] buffer = new byte[ROOM];
    try {
      for (int count = takeOutgoing(buffer); count > 0; count = takeOutgoing(buffer)) {
        pipe.write(buffer, count);
        sent();
      }
      if (!isClosed()) {
        pipe.endOutput();
      }
    } catch (IOException broken) {
      explain(broken);
    } catch (InterruptedException stopped) {
      explain(new AsynchronousCloseException());
    }
  }

  private boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  /** The bytes stay in the buffer until they are written, so that a full pipe is felt. */
  private int takeOutgoing(byte[] to) throws InterruptedException {
    synchronized (lock) {
      while (!outgoing.hasRemaining() && !closed && !outputEnded) {
        lock.wait();
      }
      int count = closed ? 0 : outgoing.remaining();
      outgoing.get(outgoing.position(), to, 0, count);
      return count;
    }
  }

  private void sent() {
    synchronized (lock) {
      outgoing.position(outgoing.limit());
      lock.notifyAll();
    }
  }

  /** The other side's last words tell more than a broken pipe does. */
  private void explain(IOException broken) {
    long end = System.nanoTime() + Duration.ofMillis(EXPLANATION_MILLIS).toNanos();
    synchronized (lock) {
      try {
        while (!ended && !closed && System.nanoTime() - end < 0) {
          lock.wait(Deadline.millisUntil(end));
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      writeFailure = readFailure == null ? broken : readFailure;
      lock.notifyAll();
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    pipe.close();
  }
}
