package org.boinc.dockerwrapper.run;

import java.time.Duration;

/**
 * What the client wants at the moment.
 *
 * @param suspended the job is not to compute
 * @param since when that was last changed, on the episode's clock
 * @param network whether the job may use it, and whether it once might
 * @param endOnQuit a quit ends the container, so that its memory is free; else it is frozen
 */
public record Wishes(boolean suspended, Duration since, Network network, boolean endOnQuit) {
  /** What the client's heartbeats say of the network. */
  public enum Network {
    /** No heartbeat yet: keep off it. */
    UNKNOWN,
    ALLOWED,
    /** The user or the preferences suspended it. */
    SUSPENDED
  }

  /** Nothing heard yet. */
  public static final Wishes NONE = new Wishes(false, Duration.ZERO, Network.UNKNOWN, false);

  Wishes suspended(boolean value, Duration now) {
    return value == suspended ? this : new Wishes(value, now, network, endOnQuit);
  }

  Wishes network(boolean allowed) {
    return new Wishes(suspended, since, allowed ? Network.ALLOWED : Network.SUSPENDED, endOnQuit);
  }

  Wishes endOnQuit(boolean value) {
    return new Wishes(suspended, since, network, value);
  }

  boolean networkAllowed() {
    return network == Network.ALLOWED;
  }
}
