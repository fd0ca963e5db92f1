package org.boinc.dockerwrapper.plan;

import java.util.List;
import java.util.Map;

/**
 * The container's network.
 *
 * @param nat false: none at all
 * @param ports published on the host
 * @param graphicsPort container port of web graphics, one of the ports; 0: none
 * @param hosts further names
 * @param dns name servers; empty: the engine's
 */
public record NetworkPlan(
    boolean nat,
    List<PublishedPort> ports,
    int graphicsPort,
    Map<String, String> hosts,
    List<String> dns) {

  /**
   * A container port on the host.
   *
   * @param host 0: a free one that the engine chooses
   * @param protocol {@code tcp} or {@code udp}
   * @param everywhere on every address of the host, which needs consent; else on 127.0.0.1
   */
  public record PublishedPort(int container, int host, String protocol, boolean everywhere) {
    /** Where it listens. */
    public String address() {
      return everywhere ? "0.0.0.0" : "127.0.0.1";
    }
  }

  /** Slot file that says which host port leads to each published one, as {@code 80/tcp 32768}. */
  public static final String PORTS_FILE = "docker_wrapper_ports";

  /** No network. */
  public static final NetworkPlan NONE = new NetworkPlan(false, List.of(), 0, Map.of(), List.of());
}
