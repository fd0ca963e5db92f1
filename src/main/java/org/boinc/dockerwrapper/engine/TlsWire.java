package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** TLS over another wire. The engine's certificate is always verified, its name too. */
final class TlsWire implements Wire {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Wire wire;
  private final String where;
  private final SSLEngine tls;

  /** As received, ready to be read from; so are the others. */
  private final ByteBuffer sealedIn;

  private final ByteBuffer sealedOut;
  private final ByteBuffer plain;

  /**
   * @param certificates directory of {@link TlsMaterial}
   */
  TlsWire(Wire wire, String host, int port, Path certificates) throws IOException {
    this.wire = wire;
    this.where = host + " port " + port;
    try {
      this.tls = TlsMaterial.read(certificates).client(host, port);
    } catch (IOException unusable) {
      wire.close();
      throw unusable;
    }
    int sealed = tls.getSession().getPacketBufferSize();
    this.sealedIn = ByteBuffer.allocate(sealed).limit(0);
    this.sealedOut = ByteBuffer.allocate(sealed).limit(0);
    this.plain = ByteBuffer.allocate(tls.getSession().getApplicationBufferSize()).limit(0);
  }

  @Override
  public void connect(Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    wire.connect(patience);
    try {
      tls.beginHandshake();
      handshake(end);
    } catch (SSLException refused) {
      throw new TransportException(
          Fault.UNREACHABLE, "no TLS with " + where + ": " + refused.getMessage(), refused);
    }
  }

  private void handshake(long end) throws IOException {
    while (true) {
      switch (tls.getHandshakeStatus()) {
        case NEED_TASK -> tls.getDelegatedTask().run();
        case NEED_WRAP -> {
          seal(NOTHING);
          while (!flushed()) {
            awaitHandshake(false, end);
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          int count = unseal();
          if (count < 0) {
            throw new SSLException("the connection was closed in the handshake");
          }
          if (count == 0 && tls.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
            awaitHandshake(true, end);
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return;
        }
      }
    }
  }

  private void awaitHandshake(boolean toRead, long end) throws IOException {
    boolean ready = wire.await(toRead, !toRead, Deadline.millisUntil(end));
    if (Thread.currentThread().isInterrupted()) {
      throw TransportException.cancelled();
    }
    if (!ready && System.nanoTime() - end >= 0) {
      throw new SSLException("no answer in the handshake");
    }
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    // What has been sealed goes before anything is expected in return.
    flushed();
    while (!plain.hasRemaining()) {
      int count = unseal();
      if (count <= 0) {
        return count;
      }
      answerControl();
    }
    int count = Math.min(plain.remaining(), to.remaining());
    to.put(plain.slice(plain.position(), count));
    plain.position(plain.position() + count);
    return count;
  }

  /** The other side may ask for new keys at any time. */
  private void answerControl() throws IOException {
    answerTasks();
    if (tls.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && flushed()) {
      seal(NOTHING);
      flushed();
    }
  }

  private void answerTasks() {
    while (tls.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      tls.getDelegatedTask().run();
    }
  }

  /**
   * Opens what was received into {@link #plain}, which is empty: positive if anything was, 0 if
   * more must come first, negative at the end.
   */
  private int unseal() throws IOException {
    while (true) {
      plain.clear();
      SSLEngineResult result;
      try {
        result = tls.unwrap(sealedIn, plain);
      } finally {
        plain.flip();
      }
      switch (result.getStatus()) {
        case OK -> {
          return 1;
        }
        case CLOSED -> {
          return -1;
        }
        case BUFFER_UNDERFLOW -> {
          int count = receive();
          if (count <= 0) {
            return count;
          }
        }
        case BUFFER_OVERFLOW -> throw new SSLException("a record is larger than allowed");
      }
    }
  }

  private int receive() throws IOException {
    sealedIn.compact();
    int count;
    try {
      count = wire.read(sealedIn);
    } finally {
      sealedIn.flip();
    }
    if (count < 0 && tls.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
      // Throws unless the other side said that it ends: else anybody could shorten an answer.
      tls.closeInbound();
    }
    return count;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    if (!flushed()) {
      return 0;
    }
    int before = from.remaining();
    seal(from);
    flushed();
    return before - from.remaining();
  }

  private void seal(ByteBuffer from) throws IOException {
    sealedOut.clear();
    SSLEngineResult result;
    try {
      result = tls.wrap(from, sealedOut);
    } finally {
      sealedOut.flip();
    }
    if (result.getStatus() == SSLEngineResult.Status.CLOSED && from.hasRemaining()) {
      throw new IOException("the other side has closed the connection");
    }
  }

  /** Whether all that was sealed has gone. */
  private boolean flushed() throws IOException {
    try {
      while (sealedOut.hasRemaining()) {
        if (wire.write(sealedOut) == 0) {
          return false;
        }
      }
      return true;
    } catch (IOException broken) {
      sayWhy();
      throw broken;
    }
  }

  /** Whoever does not want us says so and hangs up: that is heard only if it is read now. */
  private void sayWhy() throws SSLException {
    try {
      while (!plain.hasRemaining() && unseal() > 0) {
        answerTasks();
      }
    } catch (SSLException why) {
      throw why;
    } catch (IOException nothingMore) {
      plain.limit(plain.position());
    }
  }

  @Override
  public boolean await(boolean toRead, boolean toWrite, long millis) throws IOException {
    return wire.await(toRead, toWrite || sealedOut.hasRemaining(), millis);
  }

  @Override
  public void wake() {
    wire.wake();
  }

  /**
   * By TLS's own farewell; the wire below stays open, because what comes back is answered there.
   */
  @Override
  public boolean endOutput() throws IOException {
    if (!flushed()) {
      return false;
    }
    if (!tls.isOutboundDone()) {
      tls.closeOutbound();
      seal(NOTHING);
    }
    return flushed();
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
