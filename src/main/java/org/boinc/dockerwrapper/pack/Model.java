package org.boinc.dockerwrapper.pack;

/** Which files come with the app version, signed, and which with each workunit. */
public enum Model {
  /** Everything is the app version's: one BOINC app for each science app. */
  APP_VERSION("app-version"),
  /**
   * The image is the app version's (Dockerfile and what it copies, archives, job.toml), the rest
   * comes with the workunits: one BOINC app for programs that share an environment.
   */
  SEMI_UNIVERSAL("semi-universal"),
  /** Only the wrapper is the app version's: one BOINC app for all science apps. */
  UNIVERSAL("universal");

  private final String option;

  Model(String option) {
    this.option = option;
  }

  /** As people write it. */
  @Override
  public String toString() {
    return option;
  }
}
