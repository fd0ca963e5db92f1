package org.boinc.dockerwrapper.run;

import java.nio.file.Path;

/**
 * When to count what a job has written. Counting costs the engine much, and asking how much of the
 * disk is free nearly nothing: so a disk that gets full quickly is looked into at once.
 */
final class DiskWatch {
  private static final int SECONDS_PER_CHECK = 30;

  /** Of the job's limit; other programs write to the same disk. */
  private static final int PARTS = 4;

  private final Path directory;
  private final long limit;
  private long free;

  /**
   * @param directory on the disk in question
   * @param limit bytes; 0: none
   */
  DiskWatch(Path directory, long limit) {
    this.directory = directory;
    this.limit = limit;
    this.free = free();
  }

  /** Asked every second. */
  boolean isDue(int second) {
    if (limit <= 0) {
      return false;
    }
    long now = free();
    boolean due = second % SECONDS_PER_CHECK == 0 || free - now > limit / PARTS;
    if (due || now > free) {
      free = now;
    }
    return due;
  }

  private long free() {
    return directory.toFile().getUsableSpace();
  }
}
