package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One connection to the engine. Reads and writes belong to one thread; {@link #abort} may come from
 * any. A selector, not a watchdog thread, keeps the deadlines: it also sees an answer that arrives
 * while the request is still being written.
 */
final class Connection implements AutoCloseable {
  private final Endpoint endpoint;
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final ByteBuffer in = ByteBuffer.allocateDirect(128 * 1024).limit(0);
  private volatile boolean aborted;
  private volatile boolean used;

  Connection(Endpoint endpoint) throws TransportException {
    this.endpoint = endpoint;
    try {
      this.selector = Selector.open();
      this.channel =
          switch (endpoint) {
            case Endpoint.UnixSocket socket -> SocketChannel.open(StandardProtocolFamily.UNIX);
          };
      channel.configureBlocking(false);
      this.key = channel.register(selector, 0);
    } catch (IOException noDescriptors) {
      throw new TransportException(
          Fault.UNREACHABLE, "no connection can be opened: " + noDescriptors.getMessage(), null);
    }
  }

  /** The kernel connects a Unix socket at once or says no, so there is no deadline here. */
  void connect() throws TransportException {
    try {
      switch (endpoint) {
        case Endpoint.UnixSocket(Path path) -> {
          if (!channel.connect(UnixDomainSocketAddress.of(path))) {
            throw new IOException("too many connections are waiting");
          }
        }
      }
    } catch (IOException refused) {
      throw aborted ? TransportException.cancelled() : unreachable(refused);
    }
  }

  private TransportException unreachable(IOException cause) {
    return switch (endpoint) {
      case Endpoint.UnixSocket(Path path) when Files.notExists(path) ->
          new TransportException(Fault.UNREACHABLE, "there is no socket " + path, cause);
      case Endpoint.UnixSocket(Path path) when !Files.isWritable(path) ->
          new TransportException(Fault.DENIED, "this user may not connect to " + path, cause);
      case Endpoint.UnixSocket(Path path) ->
          new TransportException(
              Fault.UNREACHABLE, "nobody answers at " + path + ": " + cause.getMessage(), cause);
    };
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
        if (channel.write(bytes) == 0) {
          await(
              listen ? SelectionKey.OP_WRITE | SelectionKey.OP_READ : SelectionKey.OP_WRITE,
              silence);
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
          await(SelectionKey.OP_READ, silence);
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
      return channel.read(in);
    } finally {
      in.flip();
    }
  }

  private void await(int operations, Duration silence) throws IOException {
    try {
      key.interestOps(operations);
      long end = System.nanoTime() + silence.toNanos();
      while (true) {
        int ready = silence.isZero() ? selector.select() : selector.select(millisUntil(end));
        selector.selectedKeys().clear();
        if (aborted || Thread.currentThread().isInterrupted()) {
          throw TransportException.cancelled();
        }
        if (ready > 0) {
          return;
        }
        if (!silence.isZero() && System.nanoTime() - end >= 0) {
          throw new TransportException(
              Fault.TIMEOUT, "no answer within " + silence.toMillis() + " ms", null);
        }
      }
    } catch (ClosedSelectorException | CancelledKeyException closedByAbort) {
      throw TransportException.cancelled();
    }
  }

  private static long millisUntil(long end) {
    return Math.max(1, (end - System.nanoTime()) / 1_000_000);
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
    try (selector;
        channel) {
      // closing both is all; the selector last, because only it frees the descriptor
    } catch (IOException alreadyGone) {
      aborted = true;
    }
  }
}
