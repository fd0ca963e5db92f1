package org.boinc.dockerwrapper.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names that stand for one content for ever. The server keeps all files of a project in one
 * directory and refuses another content under a used name (BOINC tools/update_versions).
 *
 * <p>The hash is last, but for {@code .exe}: update_versions takes names ending in {@code .sig} for
 * signatures, and the client runs no program whose name ends like a picture's. Letters, digits,
 * {@code _ . -} only, as the name goes through a shell.
 */
final class PhysicalName {
  private static final int HASH_DIGITS = 12;

  /** The client's buffers hold 255; the rest is for directories and suffixes. */
  private static final int LONGEST_STEM = 120;

  private PhysicalName() {}

  /** Of a file of the job; another logical name or another mode makes another file. */
  static String ofJobFile(String app, String logicalName, boolean executable, Path content)
      throws IOException {
    String head = logicalName + '\0' + (executable ? "x" : "-") + '\0';
    return stem(app + "_" + logicalName) + "_" + hash(head, content);
  }

  /** Of the wrapper, which all apps of a project may share. */
  static String ofWrapper(WrapperProgram wrapper) throws IOException {
    String suffix = ProgramKind.isWindows(wrapper.platform()) ? ".exe" : "";
    return stem("docker_wrapper_" + wrapper.platform()) + "_" + hash("", wrapper.file()) + suffix;
  }

  private static String stem(String text) {
    String safe = text.replace('/', '_').replaceAll("[^A-Za-z0-9_.-]", "-").replace("..", "--");
    return safe.length() > LONGEST_STEM ? safe.substring(0, LONGEST_STEM) : safe;
  }

  private static String hash(String head, Path content) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(head.getBytes(StandardCharsets.UTF_8));
      try (InputStream in = Files.newInputStream(content)) {
        byte[] buffer = new byte[1 << 16];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          digest.update(buffer, 0, count);
        }
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
