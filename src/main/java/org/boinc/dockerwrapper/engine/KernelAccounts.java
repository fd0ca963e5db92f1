package org.boinc.dockerwrapper.engine;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the kernel counts for one container, in the files of its groups: microseconds to read, where
 * the engine's own answer takes one to two seconds. For one thread.
 */
public final class KernelAccounts {
  /**
   * The client looks at memory every ten seconds, and for a look the kernel adds up fifty figures
   * of all its CPUs.
   */
  private static final int READINGS_PER_MEMORY = 5;

  /** Version 2's memory.stat, the longest of them, has 2 KiB. */
  private static final int LONGEST_FILE = 16 * 1024;

  /**
   * A number in a file.
   *
   * @param key at the beginning of its line; empty: it is all that the file holds
   */
  record Entry(Path file, String key) {}

  private final Entry cpu;
  private final double cpuPerSecond;
  private final Entry memory;
  private final Entry inactive;
  private final byte[] buffer = new byte[LONGEST_FILE];
  private int readings;
  private long workingSet;

  /**
   * @param cpuPerSecond the unit of {@code cpu}
   * @param inactive the part of {@code memory} that the kernel can take back at once
   */
  KernelAccounts(Entry cpu, double cpuPerSecond, Entry memory, Entry inactive) {
    this.cpu = cpu;
    this.cpuPerSecond = cpuPerSecond;
    this.memory = memory;
    this.inactive = inactive;
  }

  /** CPU time of now and memory of a few readings ago; empty when the container does not run. */
  public Optional<ResourceUsage> usage() {
    try {
      double seconds = read(cpu) / cpuPerSecond;
      if (readings++ % READINGS_PER_MEMORY == 0) {
        workingSet = read(memory) - read(inactive);
      }
      return Optional.of(new ResourceUsage(seconds, workingSet));
    } catch (IOException | NumberFormatException notReadable) {
      return Optional.empty();
    }
  }

  /** One read gives a file of the kernel whole, as it was at that moment. */
  private long read(Entry entry) throws IOException {
    int length;
    try (FileInputStream in = new FileInputStream(entry.file().toFile())) {
      length = Math.max(0, in.read(buffer));
    }
    String text = new String(buffer, 0, length, StandardCharsets.US_ASCII);
    if (entry.key().isEmpty()) {
      return Long.parseLong(text.strip());
    }
    // One of some fifty lines, every few seconds: so the file is not taken apart.
    String lines = "\n" + text + "\n";
    int line = lines.indexOf("\n" + entry.key() + " ");
    if (line < 0) {
      throw new IOException(entry.file() + " has no " + entry.key());
    }
    int value = line + entry.key().length() + 2;
    return Long.parseLong(lines.substring(value, lines.indexOf('\n', value)).strip());
  }
}
