package org.boinc.dockerwrapper.job;

/** Which of the three forms a job.toml is written in. */
public enum Dialect {
  /** {@code schema = 1}: strict, an unknown key is a problem. */
  SCHEMA_1,
  /**
   * The wiki's keys of October 2024: the slot is mounted only where {@code slot_dir_mount} says so.
   */
  WIKI,
  /** Upstream's keys since November 2024: the slot is always mounted at {@code workdir}. */
  UPSTREAM
}
