package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Reads small files that the running job writes, and that may be anything: links, pipes, endless.
 */
public final class UntrustedFile {
  private UntrustedFile() {}

  /**
   * The beginning of a regular file.
   *
   * @param file directly in a directory that the job can't replace: only its last part is checked
   *     for being a link
   * @param limit bytes
   * @return empty: no such file, or not a regular one
   */
  public static Optional<byte[]> readStart(Path file, int limit) throws IOException {
    // Most jobs write none, and this asks once a second.
    if (!file.toFile().exists()) {
      return Optional.empty();
    }
    try {
      // Opening a pipe would wait for its writer.
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      try (InputStream in =
          Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(in.readNBytes(limit));
      }
    } catch (NoSuchFileException goneMeanwhile) {
      return Optional.empty();
    }
  }
}
