package org.boinc.dockerwrapper.plan;

import java.util.Map;
import java.util.TreeMap;

/**
 * A container's place in a job of several.
 *
 * @param number 0: the one whose end is the job's
 * @param ipc whose shared memory it uses, in the engine's words (HostConfig.IpcMode); empty: its
 *     own, and of node 0 also {@link #SHARED}
 * @param addresses of all nodes by name; empty where the engine's own name server knows them
 */
public record ClusterNode(int number, String ipc, Map<String, String> addresses) {
  /** Its own shared memory, which other containers may use, too. */
  static final String SHARED = "shareable";

  /** Host name of a node, in the containers. */
  public static String name(int number) {
    return "node" + number;
  }

  /** Host name of this one. */
  public String name() {
    return name(number);
  }

  /** The same where names and addresses are given with the container. */
  ClusterNode at(Map<String, String> known) {
    return new ClusterNode(number, ipc, new TreeMap<>(known));
  }

  /** The same with another's shared memory. */
  ClusterNode sharing(String container) {
    return new ClusterNode(number, "container:" + container, addresses);
  }

  /** Whether others may use its shared memory. */
  boolean isShared() {
    return ipc.equals(SHARED);
  }
}
