package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.boinc.dockerwrapper.boinc.ProxySettings;

/** Connections to the outside, through the client's own proxy where it has one. */
final class EgressDial {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Optional<ProxySettings> upstream;
  private final Predicate<InetAddress> forbidden;

  /**
   * @param forbidden addresses that no name may lead to
   */
  EgressDial(Optional<ProxySettings> upstream, Predicate<InetAddress> forbidden) {
    this.upstream = upstream;
    this.forbidden = forbidden;
    upstream.flatMap(ProxySettings::socks).ifPresent(EgressDial::logIn);
  }

  /** Java asks for a SOCKS server's login in no other way; nothing else here asks at all. */
  private static void logIn(ProxySettings.Server socks) {
    if (!socks.user().isEmpty()) {
      Authenticator.setDefault(
          new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
              return new PasswordAuthentication(socks.user(), socks.password().toCharArray());
            }
          });
    }
  }

  /** The HTTP proxy that stands before a host; it takes requests as they come from the job. */
  Optional<ProxySettings.Server> http(String host) {
    return upstream.filter(proxy -> !isDirect(proxy, host)).flatMap(ProxySettings::http);
  }

  /** What an HTTP proxy wants to know of us, as a line of the request's head; may be nothing. */
  static String authorization(ProxySettings.Server proxy) {
    return proxy.user().isEmpty()
        ? ""
        : "Proxy-Authorization: Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (proxy.user() + ":" + proxy.password()).getBytes(StandardCharsets.UTF_8))
            + "\r\n";
  }

  /** A connection over which the job and the host speak with each other. */
  Socket tunnel(String host, int port) throws IOException {
    InetAddress[] addresses = addresses(host);
    Optional<ProxySettings.Server> http = http(host);
    if (http.isPresent()) {
      return through(http.get(), host, port);
    }
    Optional<ProxySettings> socks =
        upstream.filter(proxy -> !isDirect(proxy, host) && proxy.socks().isPresent());
    return socks.isPresent()
        ? overSocks(socks.get(), host, port, addresses)
        : direct(host, port, addresses);
  }

  /** A connection to the HTTP proxy itself, for a request to this host. */
  Socket proxy(ProxySettings.Server proxy, String host) throws IOException {
    addresses(host);
    return connect(new Socket(Proxy.NO_PROXY), new InetSocketAddress(proxy.host(), proxy.port()));
  }

  /** Checked whoever connects: the client's proxy may run on this host too. */
  private InetAddress[] addresses(String host) throws IOException {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      String plain = EgressRules.plain(host);
      if (plain.equals("localhost") || plain.endsWith(".localhost")) {
        throw new IOException(host + " is this computer", e);
      }
      // Behind a proxy often nobody but the proxy knows.
      return new InetAddress[0];
    }
    for (InetAddress address : addresses) {
      if (forbidden.test(address)) {
        throw new IOException(host + " is this computer");
      }
    }
    return addresses;
  }

  private static Socket direct(String host, int port, InetAddress[] addresses) throws IOException {
    IOException failure = new UnknownHostException("there is no host " + host);
    for (InetAddress address : addresses) {
      try {
        return connect(new Socket(Proxy.NO_PROXY), new InetSocketAddress(address, port));
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private static Socket overSocks(
      ProxySettings proxy, String host, int port, InetAddress[] addresses) throws IOException {
    ProxySettings.Server server = proxy.socks().orElseThrow();
    Socket socket =
        new Socket(
            new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(server.host(), server.port())));
    boolean byName = proxy.socksRemoteDns() || addresses.length == 0;
    return connect(
        socket,
        byName
            ? InetSocketAddress.createUnresolved(host, port)
            : new InetSocketAddress(addresses[0], port));
  }

  private static Socket through(ProxySettings.Server proxy, String host, int port)
      throws IOException {
    Socket socket =
        connect(new Socket(Proxy.NO_PROXY), new InetSocketAddress(proxy.host(), proxy.port()));
    try {
      String target = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
      String head =
          "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
              .formatted(target, target, authorization(proxy));
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      String status = EgressHead.read(in).firstLine();
      if (!status.matches("HTTP/1\\.[01] 2\\d\\d.*")) {
        throw new IOException("the client's proxy answered: " + status);
      }
      socket.setSoTimeout(0);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static Socket connect(Socket socket, InetSocketAddress to) throws IOException {
    try {
      socket.connect(to, (int) PATIENCE.toMillis());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The client's list of hosts that are reached without a proxy. */
  private static boolean isDirect(ProxySettings proxy, String host) {
    String plain = EgressRules.plain(host);
    for (String entry : proxy.noProxy().toLowerCase(Locale.ROOT).split(",", -1)) {
      String name = entry.strip();
      if (!name.isEmpty() && (plain.equals(name) || plain.endsWith("." + name))) {
        return true;
      }
    }
    return false;
  }
}
