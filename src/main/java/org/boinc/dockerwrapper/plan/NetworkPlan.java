package org.boinc.dockerwrapper.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The container's network.
 *
 * @param nat the engine's network with a way out, which the client may suspend
 * @param own a network of the job alone, without a way out, instead; neither: none at all
 * @param ports published on the host
 * @param graphicsPort container port of web graphics, one of the ports; 0: none
 * @param hosts further names
 * @param dns name servers; empty: the engine's
 */
public record NetworkPlan(
    boolean nat,
    Optional<Own> own,
    List<PublishedPort> ports,
    int graphicsPort,
    Map<String, String> hosts,
    List<String> dns) {

  /**
   * A network that is made for the job and goes with it.
   *
   * @param allow {@code host:port} that the job reaches through the wrapper; empty: nothing
   * @param upstream the wrapper goes there through the client's own proxies
   */
  public record Own(String name, List<String> allow, boolean upstream) {}

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
  public static final NetworkPlan NONE =
      new NetworkPlan(false, Optional.empty(), List.of(), 0, Map.of(), List.of());
}
