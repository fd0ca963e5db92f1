package org.boinc.dockerwrapper.run;

import java.util.List;
import java.util.Map;
import org.boinc.dockerwrapper.boinc.ClientRequest;

/**
 * What befalls one job in the {@link ModelWorld}.
 *
 * @param messages of the client, by turn
 * @param kills after which of all the wrapper's operations, counted from 1, it dies
 * @param reboots which of these kills take the container with them
 * @param mishaps by number of the step, counted from 1 over all episodes
 * @param status of the payload
 * @param parks whether a quit ends the container of a job that makes checkpoints
 * @param limitAfter turns of computing after which a limit is reported; 0: none
 * @param network what the client says of it, from which turn on
 */
record Scenario(
    List<Message> messages,
    List<Integer> kills,
    boolean reboots,
    Map<Integer, Mishap> mishaps,
    int status,
    boolean parks,
    int limitAfter,
    Map<Integer, Boolean> network) {

  /** One request of the client. */
  record Message(int turn, ClientRequest request) {}

  /** What an engine does instead of what it is asked for. */
  enum Mishap {
    /** Can't be reached. */
    AWAY,
    /** Does it, but the answer is lost. */
    ANSWER_LOST,
    /** Says that the world is otherwise, and does nothing. */
    CONFLICT
  }

  static final Scenario QUIET =
      new Scenario(List.of(), List.of(), false, Map.of(), 0, false, 0, Map.of(0, true));

  Scenario with(List<Message> changed) {
    return new Scenario(changed, kills, reboots, mishaps, status, parks, limitAfter, network);
  }

  Scenario killedAfter(Integer... operations) {
    return new Scenario(
        messages, List.of(operations), reboots, mishaps, status, parks, limitAfter, network);
  }

  Scenario rebootedAfter(int operation) {
    return new Scenario(
        messages, List.of(operation), true, mishaps, status, parks, limitAfter, network);
  }

  Scenario with(int step, Mishap mishap) {
    return new Scenario(
        messages, kills, reboots, Map.of(step, mishap), status, parks, limitAfter, network);
  }

  Scenario exiting(int changed) {
    return new Scenario(messages, kills, reboots, mishaps, changed, parks, limitAfter, network);
  }

  Scenario parking() {
    return new Scenario(messages, kills, reboots, mishaps, status, true, limitAfter, network);
  }

  Scenario limitedAfter(int turns) {
    return new Scenario(messages, kills, reboots, mishaps, status, parks, turns, network);
  }

  /** Suspended and allowed again at these turns. */
  Scenario suspendingNetwork(int from, int to) {
    return new Scenario(
        messages,
        kills,
        reboots,
        mishaps,
        status,
        parks,
        limitAfter,
        Map.of(0, true, from, false, to, true));
  }

  boolean allowsNetwork(int turn) {
    int last =
        network.keySet().stream().filter(from -> from <= turn).max(Integer::compare).orElse(0);
    return network.getOrDefault(last, true);
  }
}
