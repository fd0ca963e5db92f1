package org.boinc.dockerwrapper.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Status line and headers of an answer.
 *
 * @param headers by name, whatever its case
 */
record HttpHead(boolean http11, int status, Map<String, List<String>> headers) {
  private static final int LONGEST = 256 * 1024;

  /** Gives the next byte, or -1 at the end. */
  interface Bytes {
    int next() throws TransportException;
  }

  static HttpHead read(Bytes in) throws TransportException {
    Lines lines = new Lines(in);
    String[] status = lines.next().split(" ", 3);
    if (status.length < 2
        || !status[0].startsWith("HTTP/1.")
        || !status[1].matches("[1-9]\\d\\d")) {
      throw strange("a status line is missing");
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw strange("a header has no name");
      }
      headers
          .computeIfAbsent(line.substring(0, colon).strip(), name -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return new HttpHead(!status[0].equals("HTTP/1.0"), Integer.parseInt(status[1]), headers);
  }

  static TransportException strange(String what) {
    return new TransportException(Fault.UNREACHABLE, "the answer is not HTTP: " + what, null);
  }

  private boolean has(String name, String value) {
    return headers.getOrDefault(name, List.of()).stream().anyMatch(value::equalsIgnoreCase);
  }

  boolean chunked() {
    return has("Transfer-Encoding", "chunked");
  }

  boolean keepAlive() {
    return http11 && !has("Connection", "close");
  }

  OptionalLong contentLength() throws TransportException {
    List<String> values = headers.getOrDefault("Content-Length", List.of());
    if (values.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseUnsignedLong(values.getFirst()));
    } catch (NumberFormatException notANumber) {
      throw strange("its length is " + values.getFirst());
    }
  }

  /** Lines of a head, which together have a limit. */
  private static final class Lines {
    private final Bytes in;
    private int left = LONGEST;

    Lines(Bytes in) {
      this.in = in;
    }

    String next() throws TransportException {
      java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream(128);
      for (int b = in.next(); b != '\n'; b = in.next()) {
        if (b < 0) {
          throw new TransportException(
              Fault.UNREACHABLE, "the connection was closed before an answer", null);
        }
        if (--left < 0) {
          throw strange("its head has no end");
        }
        line.write(b);
      }
      String text = line.toString(StandardCharsets.UTF_8);
      return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
  }
}
