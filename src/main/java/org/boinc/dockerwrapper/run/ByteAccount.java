package org.boinc.dockerwrapper.run;

/**
 * Bytes over all episodes, from a counter that begins anew with each network interface.
 *
 * @param base before the present interface
 * @param counter of the present one, as last read
 */
record ByteAccount(long base, long counter) {
  static final ByteAccount NONE = new ByteAccount(0, 0);

  long total() {
    return base + counter;
  }

  /** After reading the counter; one that went back belongs to a new interface. */
  ByteAccount read(long bytes) {
    return bytes < counter ? new ByteAccount(total(), bytes) : new ByteAccount(base, bytes);
  }

  /** The interface is gone, and the next begins at zero. */
  ByteAccount settled() {
    return new ByteAccount(total(), 0);
  }
}
