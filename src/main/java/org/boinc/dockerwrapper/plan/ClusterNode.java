package org.boinc.dockerwrapper.plan;

/**
 * A container's place in a job of several.
 *
 * @param number 0: the one whose end is the job's
 * @param ipc whose shared memory it uses, in the engine's words (HostConfig.IpcMode); empty: its
 *     own, and of node 0 also {@link #SHARED}
 */
public record ClusterNode(int number, String ipc) {
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

  /** The same with another's shared memory. */
  ClusterNode sharing(String container) {
    return new ClusterNode(number, "container:" + container);
  }

  /** Whether others may use its shared memory. */
  boolean isShared() {
    return ipc.equals(SHARED);
  }
}
