package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.boinc.dockerwrapper.plan.ImagePlan;

/**
 * A hash of all that a build depends on. Two results of one workunit have the same, in whatever
 * slot they are; an author's changed Dockerfile has another, so that an old image is not taken for
 * the new one.
 */
final class ContextKey {
  /**
   * Of a larger file only its ends and its size count: reading gigabytes of input at each start is
   * too dear.
   */
  private static final long WHOLE = 16L << 20;

  private static final int END = 1 << 20;

  private final MessageDigest digest;

  private ContextKey() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String of(ImagePlan.Build build) throws IOException {
    ContextKey key = new ContextKey();
    key.add(build.dockerfile());
    key.add(build.target());
    key.add(build.platform());
    for (Map.Entry<String, String> argument : new TreeMap<>(build.buildArgs()).entrySet()) {
      if (!argument.getKey().toLowerCase(Locale.ROOT).endsWith("_proxy")) {
        key.add(argument.getKey() + "=" + argument.getValue());
      }
    }
    for (ImagePlan.ContextFile file : build.files()) {
      key.add(file.name() + (file.executable() ? "*" : "") + (file.directory() ? "/" : ""));
      if (!file.directory()) {
        key.add(file.source());
      }
    }
    return HexFormat.of().formatHex(key.digest.digest(), 0, 16);
  }

  private void add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private void add(Path file) throws IOException {
    long size = Files.size(file);
    add(String.valueOf(size));
    if (size <= WHOLE) {
      try (InputStream content = Files.newInputStream(file)) {
        byte[] buffer = new byte[1 << 16];
        for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
          digest.update(buffer, 0, n);
        }
      }
      return;
    }
    byte[] end = new byte[END];
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
      content.readFully(end);
      digest.update(end);
      content.seek(size - END);
      content.readFully(end);
      digest.update(end);
    }
  }
}
