package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * BOINC's own link: a small text file {@code <soft_link>../../projects/X/NAME</soft_link>} in the
 * slot that stands for a file of the project directory (BOINC lib/app_ipc.cpp).
 *
 * <p>The library takes any file for a link whose first line holds the tag; here it must be small
 * and start with it, so that an input of a gigabyte is neither misread nor read at all.
 */
public final class SoftLink {
  private static final String START = "<soft_link>";
  private static final int MAX_FILE = 4096;
  private static final int MAX_LINE = 511;

  private SoftLink() {}

  /** Whether whoever lists the slot would take this file for a link. */
  public static boolean isLink(Path file) throws IOException {
    return target(
            file, Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS))
        .isPresent();
  }

  /** The text of a link, relative to the slot, if the file is one. */
  static Optional<String> target(Path file, BasicFileAttributes attributes) throws IOException {
    if (!attributes.isRegularFile()
        || attributes.size() >= MAX_FILE
        || attributes.size() < START.length()) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return target(in.readNBytes(MAX_LINE));
    } catch (AccessDeniedException unreadable) {
      return Optional.empty();
    }
  }

  /** The text of a link with this content: trimmed, unescaped, up to the next tag. */
  static Optional<String> target(byte[] content) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    if (!text.startsWith(START)) {
      return Optional.empty();
    }
    String line = text.lines().findFirst().orElse("").substring(START.length());
    int end = line.indexOf('<');
    String target = BoincXml.decode(end < 0 ? line : line.substring(0, end)).strip();
    return target.isEmpty() ? Optional.empty() : Optional.of(target);
  }

  /**
   * The content of a link.
   *
   * @param target relative to the slot, with forward slashes
   */
  public static String content(String target) {
    return START + BoincXml.encode(target) + "</soft_link>\n";
  }
}
