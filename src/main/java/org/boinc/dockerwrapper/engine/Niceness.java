package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Gives processes the lowest priority, nice 19, as the BOINC client gives its own applications. No
 * engine can be asked for that. What they start later inherits it.
 *
 * <p>Clients before 8.2.5 also need it to tell a container's CPU time from other programs': they
 * leave out nice 19 only, and suspend all work when the rest is busy (BOINC lib/procinfo.cpp,
 * procinfo_non_boinc).
 *
 * @param processes {@code /proc}
 */
record Niceness(Path processes) {
  static final Niceness OF_HOST = new Niceness(Path.of("/proc"));

  private static final int LOWEST = 19;

  /** The nice value is the 17th field after the name, which is in parentheses (proc(5)). */
  private static final int FIELD_AFTER_NAME = 17;

  /** A process may start another one while we look; a child of one that we have seen inherits. */
  private static final int LOOKS = 3;

  /** Whose processes it is about, as they are now. */
  @FunctionalInterface
  interface Group {
    List<Long> processes() throws IOException;
  }

  /**
   * Lowers what is not low yet: every thread, as Linux keeps the value for each.
   *
   * @return why it could not be done, if so: another user's processes
   */
  Optional<String> lower(Group group) throws IOException, InterruptedException {
    for (int look = 0; look < LOOKS; look++) {
      List<String> threads = higherThreads(group.processes());
      if (threads.isEmpty()) {
        return Optional.empty();
      }
      Optional<String> trouble = renice(threads);
      if (trouble.isPresent() && !Collections.disjoint(higherThreads(group.processes()), threads)) {
        return trouble;
      }
    }
    return Optional.empty();
  }

  private List<String> higherThreads(List<Long> pids) throws IOException {
    List<String> threads = new ArrayList<>();
    for (long pid : pids) {
      Path tasks = processes.resolve(pid + "/task");
      if (Files.isDirectory(tasks)) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(tasks)) {
          for (Path thread : found) {
            if (nice(thread) < LOWEST) {
              threads.add(String.valueOf(thread.getFileName()));
            }
          }
        }
      }
    }
    return threads;
  }

  /** A thread that has ended needs nothing more. */
  private static int nice(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 1).split(" ", -1);
      return Integer.parseInt(fields[FIELD_AFTER_NAME]);
    } catch (IOException ended) {
      return LOWEST;
    }
  }

  /** Threads that have ended meanwhile make it fail too. */
  private static Optional<String> renice(List<String> threads) throws InterruptedException {
    List<String> words = new ArrayList<>(List.of("renice", "-n", "" + LOWEST, "-p"));
    words.addAll(threads);
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    ServiceEnvironment.clean(builder.environment());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      return status == 0
          ? Optional.empty()
          : Optional.of(said.lines().findFirst().orElse("renice ended with status " + status));
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
