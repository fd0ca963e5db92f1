package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The form that the finish file and the temporary-exit file share: a number, a message for people,
 * and whether it is to be shown as a notice (BOINC api/boinc_api.cpp).
 */
final class NoticeLine {
  /** Bytes; the client reads lines into fixed buffers, and an overlong line would become two. */
  private static final int MAX_MESSAGE = 240;

  private NoticeLine() {}

  /** The three lines of a file that someone wrote; missing ones are empty. */
  static Optional<List<String>> read(Path file) throws IOException {
    try {
      List<String> lines =
          new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
      return Optional.of(List.of(line(lines, 0), line(lines, 1), line(lines, 2)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  private static String line(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index).strip() : "";
  }

  /** One line without control characters, short enough for the client. */
  static String oneLine(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    int end = Math.min(line.length(), MAX_MESSAGE);
    if (end > 0 && Character.isHighSurrogate(line.charAt(end - 1))) {
      end--;
    }
    while (line.substring(0, end).getBytes(StandardCharsets.UTF_8).length > MAX_MESSAGE) {
      end = line.offsetByCodePoints(end, -1);
    }
    return line.substring(0, end);
  }
}
