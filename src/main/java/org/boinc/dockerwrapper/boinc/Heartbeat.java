package org.boinc.dockerwrapper.boinc;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the client says once a second (BOINC client/app_control.cpp).
 *
 * @param alive whether the message counts as a sign of life
 * @param networkSuspended whether the volunteer lets nobody use the network now; meaningless before
 *     the first message
 * @param sporadicState the client's side of sporadic mode: 1 don't compute, 2 could compute, 3
 *     computing
 */
public record Heartbeat(boolean alive, boolean networkSuspended, OptionalInt sporadicState) {

  /**
   * Reads one message; what it doesn't say is false or absent, and figures of memory are not asked
   * for.
   */
  public static Heartbeat parse(String message) {
    return new Heartbeat(
        message.contains("<heartbeat/>"),
        MessageText.flag(message, "network_suspended"),
        state(message, "sporadic_ca"));
  }

  /** A sporadic state, in either direction: 1 to 3; 0 and anything else stand for none. */
  static OptionalInt state(String message, String tag) {
    OptionalLong value = MessageText.integer(message, tag);
    return value.isPresent() && value.getAsLong() >= 1 && value.getAsLong() <= 3
        ? OptionalInt.of((int) value.getAsLong())
        : OptionalInt.empty();
  }
}
