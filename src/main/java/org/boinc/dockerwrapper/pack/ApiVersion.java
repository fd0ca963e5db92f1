package org.boinc.dockerwrapper.pack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of BOINC's API that a program claims. The client takes from it which kind of shared
 * memory it offers (client/client_types.cpp).
 */
final class ApiVersion {
  /** For a program that claims none. */
  static final String DEFAULT = "8.2.0";

  private static final Pattern MARK = Pattern.compile("API_VERSION_([0-9]+\\.[0-9]+\\.[0-9]+)$");
  private static final int LONGEST_MARK = 64;

  /** Before it: System V shared memory. */
  private static final int MAPPED_FILE_SINCE = 6;

  private ApiVersion() {}

  /**
   * What the server would find: the first {@code API_VERSION_n.n.n} at the end of a run of
   * printable characters, as of {@code strings FILE | grep} (BOINC tools/update_versions).
   */
  static Optional<String> find(Path program) throws IOException {
    StringBuilder end = new StringBuilder();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(program), 1 << 16)) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (isPrintable(next)) {
          end.append((char) next);
          if (end.length() > 2 * LONGEST_MARK) {
            end.delete(0, LONGEST_MARK);
          }
        } else if (!end.isEmpty()) {
          Matcher mark = MARK.matcher(end);
          if (mark.find()) {
            return Optional.of(mark.group(1));
          }
          end.setLength(0);
        }
      }
    }
    Matcher mark = MARK.matcher(end);
    return mark.find() ? Optional.of(mark.group(1)) : Optional.empty();
  }

  private static boolean isPrintable(int c) {
    return c == '\t' || (c >= ' ' && c <= '~');
  }

  /** Whether the client gives it a mapped file. */
  static boolean isSupported(String version) {
    return Integer.parseInt(version.substring(0, version.indexOf('.'))) >= MAPPED_FILE_SINCE;
  }
}
