package org.boinc.dockerwrapper.engine;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.Endpoint.Tcp;

/** {@code tcp://host:port}, and where TLS is spoken {@code ?tls=} the certificates' directory. */
final class TcpText {
  private static final String TLS = "?tls=";

  /** Docker's own: without and with TLS. */
  private static final int PLAIN_PORT = 2375;

  private static final int TLS_PORT = 2376;

  private TcpText() {}

  static String write(Tcp tcp) {
    String host = tcp.host().indexOf(':') < 0 ? tcp.host() : "[" + tcp.host() + "]";
    return Endpoint.TCP
        + host
        + ":"
        + tcp.port()
        + tcp.certificates().map(path -> TLS + path).orElse("");
  }

  static Optional<Tcp> read(String text) {
    int tls = text.indexOf(TLS);
    if (tls < 0) {
      return read(text, Optional.empty());
    }
    return Endpoint.absolute(text.substring(tls + TLS.length()))
        .flatMap(certificates -> read(text.substring(0, tls), Optional.of(certificates)));
  }

  /** As {@code DOCKER_HOST} has it; the certificates are told apart from it. */
  static Optional<Tcp> read(String text, Optional<Path> certificates) {
    try {
      URI uri = new URI(text);
      String host = uri.getHost();
      if (host == null || uri.getRawQuery() != null || uri.getRawUserInfo() != null) {
        return Optional.empty();
      }
      int port = uri.getPort();
      if (port < 0) {
        port = certificates.isPresent() ? TLS_PORT : PLAIN_PORT;
      }
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return port == 0 || port > 0xffff
          ? Optional.empty()
          : Optional.of(new Tcp(bare, port, certificates));
    } catch (URISyntaxException unusable) {
      return Optional.empty();
    }
  }
}
