package org.boinc.dockerwrapper.job;

/**
 * Something wrong in a file that people wrote.
 *
 * @param severity whether the file can be used all the same
 * @param file as the reader knows it, such as {@code job.toml}
 * @param line counted from 1; 0: the file as a whole
 * @param key as written, such as {@code resources.memory}; empty: none
 * @param what what is wrong and what to do about it, one sentence, lower case, with the value in it
 */
public record Problem(Severity severity, String file, int line, String key, String what) {
  /** ERROR: the job can't run. WARNING: it runs, but look at this. */
  public enum Severity {
    ERROR,
    WARNING
  }

  /** One line: {@code job.toml:12: resources.memory: …}. */
  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + what;
  }
}
