package org.boinc.dockerwrapper.job;

import java.util.List;
import java.util.Map;

/**
 * The table {@code [network]}.
 *
 * @param graphicsPort container port of the job's web graphics; 0: none
 * @param hosts further names in {@code /etc/hosts}, name to address
 * @param hostsFiles slot paths of files in the form of {@code /etc/hosts}
 * @param dns addresses of name servers
 * @param proxy hand the client's proxy settings to build and job
 * @param allow {@code host:port} the job may reach; empty: any
 */
public record NetworkSpec(
    Mode mode,
    List<Port> ports,
    int graphicsPort,
    Map<String, String> hosts,
    List<String> hostsFiles,
    List<String> dns,
    boolean proxy,
    List<String> allow) {

  /** Whether it is one, of version 4 or 6. */
  public static boolean isAddress(String text) {
    return Rules.ADDRESS.fault(text).isEmpty();
  }

  public static boolean isHostName(String text) {
    return Rules.HOST_NAME.fault(text).isEmpty();
  }

  /** What the job can reach. */
  public enum Mode {
    NONE,
    NAT,
    PRIVATE
  }

  /**
   * A port published on the host's loopback address.
   *
   * @param host 0: a free one
   * @param protocol {@code "tcp"} or {@code "udp"}
   */
  public record Port(int container, int host, String protocol) {}
}
