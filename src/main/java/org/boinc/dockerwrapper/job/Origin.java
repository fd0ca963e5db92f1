package org.boinc.dockerwrapper.job;

/**
 * Where a value came from, for {@code boinc-docker plan}.
 *
 * @param source who set it
 * @param detail what to look at, such as {@code "job.toml:12 memory"} or {@code
 *     "rsc_memory_bound"}; empty for a built-in default
 */
public record Origin(Source source, String detail) {
  /** Who set a value, weakest first. */
  public enum Source {
    DEFAULT,
    TEMPLATE,
    JOB_FILE,
    COMMAND_LINE,
    CLIENT,
    POLICY,
    ENGINE,
    WRAPPER
  }

  /** The origin of a value nobody set. */
  public static final Origin BUILT_IN = new Origin(Source.DEFAULT, "");
}
