package org.boinc.dockerwrapper.job;

/** What the keys of {@code [cluster]} have to do with each other and with those of other tables. */
final class ClusterRules {
  private static final Long ONE = 1L;

  private ClusterRules() {}

  static void check(ClusterSpec spec, Settings settings) {
    // A number out of range has been told, and reads as 1.
    boolean alone =
        spec.nodes() == 1
            && settings.setting("cluster.nodes").map(Setting::value).map(ONE::equals).orElse(true);
    forSeveral("cluster.master", alone && !spec.master().isEmpty(), settings);
    forSeveral("cluster.worker", alone && !spec.worker().isEmpty(), settings);
    forSeveral("cluster.slots", alone && spec.slots() > 0, settings);
    forSeveral("cluster.ssh", alone && spec.ssh(), settings);
  }

  /** Where the file sets the key: what it does not say it can't be blamed for. */
  private static void forSeveral(String key, boolean wrong, Settings settings) {
    if (wrong) {
      settings
          .setting(key)
          .ifPresent(
              at ->
                  settings.report(
                      JobProblems.error(
                          at,
                          "is for a job of several containers; write cluster.nodes = 2 or more")));
    }
  }
}
