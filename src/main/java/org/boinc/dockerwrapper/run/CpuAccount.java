package org.boinc.dockerwrapper.run;

/**
 * The job's CPU time over all episodes. The engine's counter belongs to one run of the container
 * and starts again at zero with the next.
 *
 * @param base seconds before the present run of the container
 * @param counter seconds of the present run, as last read
 */
record CpuAccount(double base, double counter) {
  double total() {
    return base + counter;
  }

  /** After reading the counter; one that went back belongs to a new run. */
  CpuAccount read(double seconds) {
    return seconds < counter ? new CpuAccount(total(), seconds) : new CpuAccount(base, seconds);
  }

  /** After adding up what processes used, which may leave out what it had before. */
  CpuAccount addedUp(double seconds) {
    return new CpuAccount(base, Math.max(counter, seconds));
  }

  /** Never below what the client knows of: it credits by its own record (reference REQ-19). */
  CpuAccount atLeast(double seconds) {
    return total() >= seconds ? this : new CpuAccount(seconds - counter, counter);
  }

  /**
   * The container starts from the beginning: what it did since the client's last checkpoint is
   * lost.
   */
  static CpuAccount startingAt(double checkpointSeconds) {
    return new CpuAccount(checkpointSeconds, 0);
  }
}
