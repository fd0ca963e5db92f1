package org.boinc.dockerwrapper.engine;

import java.io.InputStream;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The body of an answer. Read to its end it gives the connection back; closed before that it closes
 * the connection, because the rest may be endless.
 */
final class HttpBody extends InputStream {

  /** How the end of the body is marked. */
  enum Kind {
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  /**
   * @param length of a body of kind LENGTH
   */
  record Framing(Kind kind, long length) {}

  /** A rest as small as this is read rather than the connection closed. */
  private static final int SMALL_REST = 4096;

  private static final Duration SHORT = Duration.ofMillis(50);

  private final Connection connection;
  private final Kind kind;
  private final boolean reusable;
  private final HttpExchange.Finish finish;
  private final Thread reader = Thread.currentThread();
  private final AtomicBoolean finished = new AtomicBoolean();
  private Duration silence;
  private long left;
  private boolean firstChunk = true;
  private volatile boolean ended;

  HttpBody(
      Connection connection,
      Duration silence,
      Framing framing,
      boolean reusable,
      HttpExchange.Finish finish) {
    this.connection = connection;
    this.silence = silence;
    this.kind = framing.kind();
    this.left = framing.length();
    this.reusable = reusable;
    this.finish = finish;
    if (kind == Kind.LENGTH && left == 0) {
      end();
    }
  }

  static Framing framing(String method, HttpHead head) throws TransportException {
    if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
      return new Framing(Kind.LENGTH, 0);
    }
    if (head.chunked()) {
      return new Framing(Kind.CHUNKED, 0);
    }
    OptionalLong length = head.contentLength();
    return length.isPresent()
        ? new Framing(Kind.LENGTH, length.getAsLong())
        : new Framing(Kind.UNTIL_CLOSE, 0);
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
    if (!ended && kind == Kind.CHUNKED && left == 0) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int wanted = kind == Kind.UNTIL_CLOSE ? length : (int) Math.min(length, left);
    int count = connection.read(to, offset, wanted, silence);
    if (count < 0) {
      if (kind != Kind.UNTIL_CLOSE) {
        throw cut();
      }
      end();
      return -1;
    }
    left -= kind == Kind.UNTIL_CLOSE ? 0 : count;
    if (kind == Kind.LENGTH && left == 0) {
      end();
    }
    return count;
  }

  /**
   * The connection, for a conversation on it instead of a body. Closing this body still closes it.
   *
   * @throws TransportException where the engine has not agreed to that
   */
  Connection hijack() throws TransportException {
    if (kind != Kind.UNTIL_CLOSE) {
      throw HttpHead.strange("the connection was not handed over");
    }
    return connection;
  }

  private void nextChunk() throws TransportException {
    if (!firstChunk && !line().isEmpty()) {
      throw HttpHead.strange("a chunk is longer than announced");
    }
    firstChunk = false;
    String size = line();
    int extension = size.indexOf(';');
    try {
      left = Long.parseLong((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
    } catch (NumberFormatException notANumber) {
      throw HttpHead.strange("a chunk without a length");
    }
    if (left < 0) {
      throw HttpHead.strange("a chunk of negative length");
    }
    if (left == 0) {
      while (!line().isEmpty()) {
        // trailers mean nothing here
      }
      end();
    }
  }

  private String line() throws TransportException {
    StringBuilder line = new StringBuilder();
    for (int b = connection.read(silence); b != '\n'; b = connection.read(silence)) {
      if (b < 0) {
        throw cut();
      }
      if (line.length() > SMALL_REST) {
        throw HttpHead.strange("a line without an end");
      }
      line.append((char) b);
    }
    return line.toString().strip();
  }

  private static TransportException cut() {
    return new TransportException(
        Fault.UNREACHABLE, "the connection was closed in the middle of the answer", null);
  }

  private void end() {
    ended = true;
    finish(reusable);
  }

  private void finish(boolean keep) {
    if (finished.compareAndSet(false, true)) {
      finish.accept(connection, keep);
    }
  }

  /** From another thread than the reading one it ends the reading. */
  @Override
  public void close() {
    if (!Thread.currentThread().equals(reader)) {
      connection.abort();
    } else if (!ended && reusable) {
      skipSmallRest();
    }
    finish(false);
  }

  /** A JSON reader stops at the last brace and leaves the end mark of the body. */
  private void skipSmallRest() {
    silence = SHORT;
    try {
      byte[] rest = new byte[SMALL_REST];
      for (int total = 0; total < SMALL_REST && !ended; ) {
        int count = read(rest, 0, rest.length);
        total += Math.max(count, 0);
      }
    } catch (TransportException notSmall) {
      ended = true;
    }
  }
}
