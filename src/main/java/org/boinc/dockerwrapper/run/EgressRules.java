package org.boinc.dockerwrapper.run;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Locale;

/**
 * What a job with {@code network.allow} may reach.
 *
 * @param allow {@code host:port}, where {@code *.host} stands for every name below a host
 */
record EgressRules(List<String> allow) {
  /** Whether the list names it. */
  boolean name(String host, int port) {
    String wanted = plain(host) + ":" + port;
    for (String entry : allow) {
      String known = entry.toLowerCase(Locale.ROOT);
      if (known.startsWith("*.") ? wanted.endsWith(known.substring(1)) : wanted.equals(known)) {
        return true;
      }
    }
    return false;
  }

  /** As it stands in the list: small, without the dot that may end a name. */
  static String plain(String host) {
    String small = host.toLowerCase(Locale.ROOT);
    return small.endsWith(".") ? small.substring(0, small.length() - 1) : small;
  }

  /**
   * Whether an address is this computer or one of its links. A project may name its own servers,
   * not what listens here for nobody else, whatever its name server says.
   */
  static boolean isOfThisHost(InetAddress address) {
    try {
      return address.isLoopbackAddress()
          || address.isAnyLocalAddress()
          || address.isLinkLocalAddress()
          || address.isMulticastAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException unknown) {
      return true;
    }
  }
}
