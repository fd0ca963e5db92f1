package org.boinc.dockerwrapper.run;

import java.time.Duration;

/**
 * What the client wants at the moment.
 *
 * @param suspended the job is not to compute
 * @param since when that was last changed, on the episode's clock
 * @param network whether the job may use it, and whether it once might
 */
public record Wishes(boolean suspended, Duration since, Network network) {
  /** What the client's heartbeats say of the network. */
  public enum Network {
    /** No heartbeat yet: keep off it. */
    UNKNOWN,
    ALLOWED,
    /** The user or the preferences suspended it. */
    SUSPENDED
  }

  /** Nothing heard yet. */
  public static final Wishes NONE = new Wishes(false, Duration.ZERO, Network.UNKNOWN);

  Wishes suspended(boolean value, Duration now) {
    return value == suspended ? this : new Wishes(value, now, network);
  }

  Wishes network(boolean allowed) {
    return new Wishes(suspended, since, allowed ? Network.ALLOWED : Network.SUSPENDED);
  }

  boolean networkAllowed() {
    return network == Network.ALLOWED;
  }
}
