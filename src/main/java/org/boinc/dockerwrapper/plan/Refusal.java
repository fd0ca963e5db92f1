package org.boinc.dockerwrapper.plan;

/**
 * Why a job is not run on this host, found before anything was created.
 *
 * @param kind whose fault it is
 * @param key the job.toml's key, dotted; empty: none
 * @param sentence what is wrong, with the value and what to do
 */
public record Refusal(Kind kind, String key, String sentence) {
  /** Whose fault it is, in the order in which they count. */
  public enum Kind {
    /** The job asks for what does not exist or is not allowed. */
    JOB,
    /** The volunteer has not agreed to what the job asks for. */
    CONSENT,
    /** The job needs a device or a directory that this host has not, or did not assign. */
    DEVICE
  }

  /** {@code key: sentence}. */
  @Override
  public String toString() {
    return key.isEmpty() ? sentence : key + ": " + sentence;
  }
}
