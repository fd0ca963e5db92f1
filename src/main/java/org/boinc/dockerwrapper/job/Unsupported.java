package org.boinc.dockerwrapper.job;

import java.util.List;
import java.util.function.Predicate;

/**
 * What a job.toml can say but this version can't do: refused aloud, never ignored. Whoever builds
 * one of these deletes its line.
 */
final class Unsupported {
  /**
   * @param key where the problem is shown
   * @param asked whether the job needs it
   */
  private record Row(String key, Predicate<JobSpec> asked, String sentence) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(
              "checkpoint.method",
              job -> job.checkpoint().method() == CheckpointSpec.Method.CRIU,
              "a container's memory can't be saved yet; write auto"));

  private Unsupported() {}

  static void check(JobSpec job, Settings settings) {
    for (Row row : ROWS) {
      if (row.asked().test(job)) {
        settings
            .setting(row.key())
            .ifPresent(at -> settings.report(JobProblems.error(at, row.sentence())));
      }
    }
  }
}
