package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The other containers of a job of several. They are made and started after node 0 and live no
 * longer than it.
 *
 * @param workers node 1 and so on
 * @param keys where the nodes may reach each other by ssh
 */
public record ClusterPlan(List<Worker> workers, Optional<Keys> keys) {
  /** A further container. */
  public record Worker(String name, ContainerPlan container) {}

  /**
   * A key pair for this job alone, with the settings of ssh and sshd.
   *
   * @param directory in the slot
   * @param user login name of the job's user in the containers
   */
  public record Keys(Path directory, int port, String user) {
    /** Where the directory is in the containers. */
    public static final String IN_CONTAINER = "/boinc/ssh";

    /** The client's settings, which every node has in place of its image's. */
    public static final String CLIENT_SETTINGS = "ssh_config";

    /** The settings of a worker that is given no command of its own. */
    public static final String SERVER_SETTINGS = "sshd_config";
  }

  /** How many containers there are. */
  public int nodes() {
    return workers.size() + 1;
  }
}
