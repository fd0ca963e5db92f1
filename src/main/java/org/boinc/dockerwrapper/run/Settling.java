package org.boinc.dockerwrapper.run;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.FileStamp;

/**
 * Tells which files have come to rest. Nothing says that a job is done with a file, so one that
 * holds something and has not changed for a while is taken for complete.
 */
final class Settling {
  /** Seconds of run time; pauses do not count. */
  static final int REST = 10;

  private record Seen(FileStamp stamp, int second) {}

  private final Map<String, Seen> files = new HashMap<>();

  /**
   * One look at a file.
   *
   * @param second of the job's run time in this episode
   */
  boolean isAtRest(String name, Optional<FileStamp> found, int second) {
    if (found.isEmpty() || found.get().bytes() == 0) {
      files.remove(name);
      return false;
    }
    Seen before = files.get(name);
    if (before == null || !before.stamp().equals(found.get())) {
      files.put(name, new Seen(found.get(), second));
      return false;
    }
    return second - before.second() >= REST;
  }
}
