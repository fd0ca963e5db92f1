package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel tells of one process: proc(5), {@code /proc/PID/stat}.
 *
 * @param held its first thread is stopped
 * @param stopped all its threads are, or have ended
 * @param cpuSeconds with its ended children
 */
record ProcessStat(long pid, boolean held, boolean stopped, double cpuSeconds) {
  /** The kernel's unit for user space, on every architecture that has a JDK. */
  private static final double TICKS_PER_SECOND = 100;

  /** Stopped by a signal. */
  private static final String HELD = "T";

  /** Stopped, traced, zombie, dead. */
  private static final String STILL = "TtZXx";

  private static final int STATE = 0;
  private static final int UTIME = 11;
  private static final int CSTIME = 14;

  private static final Pattern RESIDENT =
      Pattern.compile("^Rss(?:Anon|Shmem):\\s+(\\d+) kB$", Pattern.MULTILINE);

  /** Empty where it has ended. */
  static Optional<ProcessStat> read(Path processes, long pid) {
    Path directory = processes.resolve(Long.toString(pid));
    try {
      List<String> fields = fields(directory);
      long ticks = 0;
      for (String field : fields.subList(UTIME, CSTIME + 1)) {
        ticks += Long.parseLong(field);
      }
      return Optional.of(
          new ProcessStat(
              pid,
              HELD.contains(fields.get(STATE)),
              isStill(fields) && threadsAreStill(directory),
              ticks / TICKS_PER_SECOND));
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  /** After the program's name, which may contain anything: state, parent, … */
  private static List<String> fields(Path directory) throws IOException {
    // The name is not always text.
    String line = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
    return List.of(line.substring(line.lastIndexOf(')') + 1).strip().split(" "));
  }

  private static boolean isStill(List<String> fields) {
    return STILL.contains(fields.get(STATE));
  }

  private static boolean threadsAreStill(Path directory) throws IOException {
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(directory.resolve("task"))) {
      for (Path thread : threads) {
        if (!isStill(fields(thread))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Memory that is not that of files; shared memory counts for each. */
  long memoryBytes(Path processes) {
    try {
      String status =
          Files.readString(processes.resolve(pid + "/status"), StandardCharsets.ISO_8859_1);
      long kibibytes = 0;
      for (Matcher line = RESIDENT.matcher(status); line.find(); ) {
        kibibytes += Long.parseLong(line.group(1));
      }
      return kibibytes << 10;
    } catch (IOException ended) {
      return 0;
    }
  }
}
