package org.boinc.dockerwrapper.plan;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.boinc.dockerwrapper.boinc.ProxySettings;

/** The URL form of proxy settings that programs read from {@code http_proxy}. */
public final class ProxyUrl {
  private ProxyUrl() {}

  /**
   * The client's proxies in every spelling that programs look for; none where the job wants none.
   */
  static Map<String, String> variables(PlanRequest request) {
    Map<String, String> variables = new TreeMap<>();
    if (request.spec().network().proxy()) {
      request.job().proxy().ifPresent(proxy -> add(proxy, variables));
    }
    return variables;
  }

  private static void add(ProxySettings proxy, Map<String, String> variables) {
    variables.putAll(variables(of(proxy)));
    if (!proxy.noProxy().isEmpty()) {
      variables.put("no_proxy", proxy.noProxy());
      variables.put("NO_PROXY", proxy.noProxy());
    }
  }

  /** One proxy for everything, in every spelling. */
  public static Map<String, String> variables(String url) {
    Map<String, String> variables = new TreeMap<>();
    for (String name : List.of("http_proxy", "https_proxy", "all_proxy")) {
      variables.put(name, url);
      variables.put(name.toUpperCase(Locale.ROOT), url);
    }
    return variables;
  }

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
