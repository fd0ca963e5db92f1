package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request and its answer on one connection. */
final class HttpExchange {

  /** Takes the connection back. */
  interface Finish {
    void accept(Connection connection, boolean reusable);
  }

  private static final int CHUNK = 256 * 1024;
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Room before a chunk for its length in hexadecimal digits. */
  private static final int CHUNK_HEAD = 10;

  private final Connection connection;
  private final Duration silence;
  private final Finish finish;
  private boolean answered;

  HttpExchange(Connection connection, Duration silence, Finish finish) {
    this.connection = connection;
    this.silence = silence;
    this.finish = finish;
  }

  /** Whether anything of an answer has been read. */
  boolean answered() {
    return answered;
  }

  /** Sends the request and reads the head of the answer. */
  Response run(Request request) throws IOException {
    boolean done = false;
    try {
      HttpHead early = send(request);
      HttpHead head = early == null ? readHead() : early;
      Response response = response(request, head, early == null);
      done = true;
      return response;
    } finally {
      if (!done) {
        finish.accept(connection, false);
      }
    }
  }

  private Response response(Request request, HttpHead head, boolean wholeRequestSent)
      throws TransportException {
    HttpBody.Framing framing = HttpBody.framing(request.method(), head);
    boolean reusable =
        wholeRequestSent && head.keepAlive() && framing.kind() != HttpBody.Kind.UNTIL_CLOSE;
    return new HttpAnswer(head, new HttpBody(connection, silence, framing, reusable, finish));
  }

  /** The head of an answer that came before the request was complete, or null. */
  private @Nullable HttpHead send(Request request) throws IOException {
    if (request.path().chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      throw new TransportException(
          Fault.REFUSED, "a name holds a character that no request can carry", null);
    }
    byte[] bytes = request.bodyBytes();
    InputStream body = bytes == null ? request.body() : null;
    StringBuilder head = new StringBuilder(256);
    head.append(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\n");
    head.append("Host: localhost\r\nUser-Agent: boinc-docker-wrapper\r\n");
    request.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (body != null) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (bytes != null) {
      head.append("Content-Length: ").append(bytes.length).append("\r\n");
    } else if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      head.append("Content-Length: 0\r\n");
    }
    head.append("\r\n");
    write(ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.UTF_8)));
    if (bytes != null) {
      write(ByteBuffer.wrap(bytes));
    }
    return body == null ? null : upload(body);
  }

  private void write(ByteBuffer bytes) throws TransportException {
    connection.write(bytes, false, silence);
  }

  /**
   * Sends the body in chunks. An engine that refuses says so early and stops reading: without
   * looking, the caller would learn of a broken pipe instead of the reason.
   */
  private @Nullable HttpHead upload(InputStream body) throws IOException {
    byte[] buffer = new byte[CHUNK_HEAD + CHUNK + CRLF.length];
    for (int count = readHost(body, buffer); count >= 0; count = readHost(body, buffer)) {
      ByteBuffer chunk = chunk(buffer, count);
      while (chunk.hasRemaining()) {
        HttpHead early = sendSome(chunk);
        if (early != null && early.status() >= 400) {
          return early;
        }
        if (early != null) {
          // No error: its body may grow with the request, so the request is completed first.
          return finishUpload(body, buffer, chunk, early);
        }
      }
    }
    write(ByteBuffer.wrap(LAST_CHUNK));
    return null;
  }

  private HttpHead finishUpload(InputStream body, byte[] buffer, ByteBuffer first, HttpHead early)
      throws IOException {
    write(first);
    for (int count = readHost(body, buffer); count >= 0; count = readHost(body, buffer)) {
      write(chunk(buffer, count));
    }
    write(ByteBuffer.wrap(LAST_CHUNK));
    return early;
  }

  private @Nullable HttpHead sendSome(ByteBuffer chunk) throws TransportException {
    try {
      connection.write(chunk, true, silence);
      return chunk.hasRemaining() ? readHead() : null;
    } catch (TransportException pipe) {
      if (pipe.fault() == Fault.UNREACHABLE && !answered && connection.readableNow()) {
        return readHead();
      }
      throw pipe;
    }
  }

  private static int readHost(InputStream body, byte[] buffer) throws HostFileException {
    try {
      int count = body.read(buffer, CHUNK_HEAD, CHUNK);
      while (count == 0) {
        count = body.read(buffer, CHUNK_HEAD, CHUNK);
      }
      return count;
    } catch (IOException e) {
      throw new HostFileException(e);
    }
  }

  /** Puts the length before and the line end behind the bytes that stand in the buffer. */
  private static ByteBuffer chunk(byte[] buffer, int count) {
    byte[] head = (Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    int start = CHUNK_HEAD - head.length;
    System.arraycopy(head, 0, buffer, start, head.length);
    System.arraycopy(CRLF, 0, buffer, CHUNK_HEAD + count, CRLF.length);
    return ByteBuffer.wrap(buffer, start, head.length + count + CRLF.length);
  }

  private HttpHead readHead() throws TransportException {
    HttpHead head = HttpHead.read(this::next);
    while (head.status() < 200 && head.status() != 101) {
      head = HttpHead.read(this::next);
    }
    return head;
  }

  private int next() throws TransportException {
    int read = connection.read(silence);
    answered |= read >= 0;
    return read;
  }
}
