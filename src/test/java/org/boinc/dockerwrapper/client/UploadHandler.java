package org.boinc.dockerwrapper.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the outputs. A request asks how much of a file is there already, or brings the rest of it
 * from that offset on: lines of tags, then the bytes (BOINC client/file_xfer.cpp).
 */
final class UploadHandler {
  private static final String DATA = "<data>\n";

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();

  /** What was uploaded under a physical name. */
  Optional<byte[]> file(String physicalName) {
    return Optional.ofNullable(files.get(physicalName));
  }

  /** Takes a request and answers it. */
  String handle(byte[] request) {
    String text = new String(request, StandardCharsets.ISO_8859_1);
    Optional<String> asked = value(text, "get_file_size");
    if (asked.isPresent()) {
      return reply("<file_size>%d</file_size>\n".formatted(sizeOf(asked.get())));
    }
    int data = text.indexOf(DATA);
    if (data < 0) {
      throw new UncheckedIOException(new IOException("an upload without data: " + text));
    }
    String head = text.substring(0, data);
    String name = value(head, "name").orElseThrow();
    int offset = (int) Double.parseDouble(value(head, "offset").orElse("0"));
    byte[] known = files.getOrDefault(name, new byte[0]);
    if (offset > known.length) {
      throw new UncheckedIOException(
          new IOException("%s: offset %d of %d bytes".formatted(name, offset, known.length)));
    }
    int from = data + DATA.length();
    byte[] whole = Arrays.copyOf(known, offset + request.length - from);
    System.arraycopy(request, from, whole, offset, request.length - from);
    files.put(name, whole);
    return reply("");
  }

  private int sizeOf(String name) {
    return files.getOrDefault(name, new byte[0]).length;
  }

  private static String reply(String more) {
    return "<data_server_reply>\n<status>0</status>\n" + more + "</data_server_reply>\n";
  }

  private static Optional<String> value(String text, String tag) {
    Matcher matcher = Pattern.compile("<" + tag + ">([^<]*)</" + tag + ">").matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
  }
}
