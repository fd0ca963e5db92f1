package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces a small file as a whole: whoever looks, also after a power cut, sees the old or the new.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Writes to {@code NAME.tmp} beside the file, through to the disk, and renames that. A link at
   * either name is replaced, not followed. An interrupt of the thread does not cut it short.
   */
  public static void write(Path file, byte[] content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(temporary);
    try (OutputStream out =
        Files.newOutputStream(
            temporary,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.DSYNC)) {
      out.write(content);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The same with text, as UTF-8. */
  public static void write(Path file, String content) throws IOException {
    write(file, content.getBytes(StandardCharsets.UTF_8));
  }
}
