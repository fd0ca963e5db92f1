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

  private static final String CLUSTERS =
      "asks for several containers, which this version can't run yet; write nodes = 1";

  private static final List<Row> ROWS =
      List.of(
          new Row(
              "checkpoint.method",
              job -> job.checkpoint().method() == CheckpointSpec.Method.CRIU,
              "a container's memory can't be saved yet; write auto"),
          new Row("cluster.nodes", job -> job.cluster().nodes() > 1, CLUSTERS),
          new Row("cluster.master", job -> !job.cluster().master().isEmpty(), CLUSTERS),
          new Row("cluster.worker", job -> !job.cluster().worker().isEmpty(), CLUSTERS),
          new Row("cluster.ssh", job -> job.cluster().ssh(), CLUSTERS));

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
