package org.boinc.dockerwrapper.run;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What stands before the body of an HTTP message.
 *
 * @param lines the first one too, without the empty one that ends them
 */
record EgressHead(List<String> lines) {
  private static final int LONGEST = 32 << 10;

  /** Between the job and us only, or said anew by us. */
  private static final Set<String> NOT_PASSED_ON =
      Set.of("host", "connection", "keep-alive", "te", "trailer", "upgrade", "expect");

  /** Reads one, and not a byte more. */
  static EgressHead read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int newlines = 0;
    while (newlines < 2) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection ended in the head of a message");
      }
      if (head.size() >= LONGEST) {
        throw new IOException("the head of a message is longer than " + LONGEST + " bytes");
      }
      head.write(next);
      newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
    }
    return new EgressHead(head.toString(StandardCharsets.ISO_8859_1).lines().toList()).withoutEnd();
  }

  private EgressHead withoutEnd() {
    return new EgressHead(lines.stream().takeWhile(line -> !line.isEmpty()).toList());
  }

  String firstLine() {
    return lines.isEmpty() ? "" : lines.getFirst();
  }

  /** The value of a header. */
  Optional<String> value(String name) {
    return lines.stream()
        .skip(1)
        .filter(line -> name(line).equals(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  /** The headers that go on to the host. */
  List<String> passedOn() {
    return lines.stream()
        .skip(1)
        .filter(line -> name(line).matches("[a-z0-9!#$%&'*+.^_`|~-]+"))
        .filter(line -> !NOT_PASSED_ON.contains(name(line)) && !name(line).startsWith("proxy-"))
        .toList();
  }

  private static String name(String line) {
    int colon = line.indexOf(':');
    return colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
  }
}
