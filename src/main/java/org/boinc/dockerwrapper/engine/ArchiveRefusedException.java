package org.boinc.dockerwrapper.engine;

import java.io.IOException;

/** An image archive of the job that is not given to the engine, and none of any host would be. */
public final class ArchiveRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean large;

  ArchiveRefusedException(String reason, boolean large) {
    super(reason);
    this.large = large;
  }

  /** It would take more of the disk than the job may use. */
  public boolean isTooLarge() {
    return large;
  }
}
