package org.boinc.dockerwrapper.boinc;

import java.nio.charset.StandardCharsets;

/** Makes one line of any text harmless for stderr.txt, which travels in a CDATA section. */
final class LogLine {
  /** Bytes. */
  static final int MAX = 2048;

  private LogLine() {}

  /** Shows what can't be seen, breaks up the end of a CDATA section, and cuts what is too long. */
  static String clean(String line) {
    return cut(visible(line).replace("]]>", "]] >"));
  }

  private static String visible(String line) {
    StringBuilder visible = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c != '\t' && Character.isISOControl(c)) {
        visible.append("\\x%02x".formatted((int) c));
      } else if (Character.getType(c) == Character.FORMAT) {
        // Such as those that reverse the direction of writing.
        visible.append("\\u%04x".formatted((int) c));
      } else {
        visible.append(c);
      }
    }
    return visible.toString();
  }

  private static String cut(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX) {
      return line;
    }
    int end = MAX;
    while ((bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8)
        + " [... %d bytes left out]".formatted(bytes.length - end);
  }
}
