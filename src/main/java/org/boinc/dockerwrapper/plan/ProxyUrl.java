package org.boinc.dockerwrapper.plan;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.boinc.dockerwrapper.boinc.ProxySettings;

/** The URL form of the client's proxy settings that programs read from {@code http_proxy}. */
final class ProxyUrl {
  private ProxyUrl() {}

  /** An HTTP proxy before a SOCKS one, as the client itself prefers. */
  static String of(ProxySettings proxy) {
    return proxy
        .http()
        .map(server -> url("http", server))
        .or(
            () ->
                proxy
                    .socks()
                    .map(server -> url(proxy.socksRemoteDns() ? "socks5h" : "socks5", server)))
        .orElse("");
  }

  private static String url(String scheme, ProxySettings.Server server) {
    String login =
        server.user().isEmpty()
            ? ""
            : encode(server.user())
                + (server.password().isEmpty() ? "" : ":" + encode(server.password()))
                + "@";
    return scheme + "://" + login + server.host() + ":" + server.port();
  }

  /** Percent-encoding; URLEncoder is for forms and writes a blank as plus. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
