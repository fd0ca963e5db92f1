package org.boinc.dockerwrapper.boinc;

import java.util.Optional;

/**
 * The proxies that the volunteer set in the client.
 *
 * @param http for HTTP and HTTPS
 * @param socks a SOCKS 5 proxy
 * @param socksRemoteDns whether the SOCKS proxy also resolves names
 * @param noProxy hosts to be reached directly, separated by commas; empty: none
 */
public record ProxySettings(
    Optional<Server> http, Optional<Server> socks, boolean socksRemoteDns, String noProxy) {

  /**
   * One proxy.
   *
   * @param host name or address
   * @param port 1 to 65535
   * @param user empty: none
   * @param password as typed, not encoded; never in {@link #toString}
   */
  public record Server(String host, int port, String user, String password) {
    @Override
    public String toString() {
      return "Server[host=%s, port=%d, user=%s, password=%s]"
          .formatted(host, port, user, password.isEmpty() ? "" : "***");
    }
  }

  /** What {@code <proxy_info>} says, if that names a proxy that is in use. */
  static Optional<ProxySettings> of(BoincXml info) {
    Optional<Server> http = server(info, "use_http_proxy", "http_server", "http_user");
    Optional<Server> socks = server(info, "use_socks_proxy", "socks_server", "socks5_user");
    return http.isPresent() || socks.isPresent()
        ? Optional.of(
            new ProxySettings(http, socks, info.flag("socks5_remote_dns"), info.text("no_proxy")))
        : Optional.empty();
  }

  private static Optional<Server> server(BoincXml info, String use, String server, String user) {
    String host = info.text(server + "_name");
    long port = info.integer(server + "_port").orElse(0);
    return info.flag(use) && !host.isEmpty()
        ? Optional.of(
            new Server(
                host,
                port > 0 && port <= 65535 ? (int) port : 80,
                info.text(user + "_name"),
                info.text(user + "_passwd")))
        : Optional.empty();
  }
}
