package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.List;

/** What is copied before the job starts and after it ended. */
public record CopyPlan(List<In> in, List<Out> out) {

  /**
   * A file or directory into the container, owner and mode made fit for the job's user.
   *
   * @param source soft links resolved
   * @param target absolute container path of the file or directory itself
   */
  public record In(Path source, String target, boolean executable) {}

  /**
   * Out of the container.
   *
   * @param source absolute container path, the last component may be a glob
   * @param logicalName the slot path it was declared with, for messages
   * @param destination soft links resolved; a directory where the source is a glob
   * @param required a missing source fails the job
   * @param always copied whatever the exit status
   * @param archive {@code tar}, {@code tgz} or empty
   * @param exclude globs relative to the source
   */
  public record Out(
      String source,
      String logicalName,
      Path destination,
      boolean required,
      boolean always,
      String archive,
      List<String> exclude) {}
}
