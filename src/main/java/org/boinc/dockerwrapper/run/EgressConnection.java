package org.boinc.dockerwrapper.run;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.ProxySettings;

/**
 * One connection of the job to its {@link EgressProxy}: a tunnel (RFC 9110, CONNECT) or one plain
 * request. A second request on the same connection could be for another host, so each connection
 * ends after one.
 */
final class EgressConnection {
  private static final Duration PATIENCE_FOR_REQUEST = Duration.ofSeconds(60);

  private static final int BUFFER = 16 << 10;

  private final Socket client;
  private final InputStream fromClient;
  private final EgressProxy proxy;

  EgressConnection(Socket client, EgressProxy proxy) throws IOException {
    this.client = client;
    this.fromClient = new BufferedInputStream(client.getInputStream());
    this.proxy = proxy;
  }

  /** What the job asks for, in one word each. */
  private record Target(String host, int port) {}

  void serve() throws IOException {
    client.setSoTimeout((int) PATIENCE_FOR_REQUEST.toMillis());
    EgressHead head = EgressHead.read(fromClient);
    String[] words = head.firstLine().split(" ", -1);
    if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
      answer("400 Bad Request", "this is an HTTP/1.1 proxy");
      return;
    }
    boolean tunnel = words[0].equals("CONNECT");
    Optional<Target> target = target(tunnel ? "http://" + words[1] : words[1]);
    if (target.isEmpty() || (tunnel && !words[1].endsWith(":" + target.get().port()))) {
      answer("400 Bad Request", "only CONNECT host:port and http:// are understood");
      return;
    }
    Optional<String> refusal = proxy.refusal(target.get().host(), target.get().port());
    if (refusal.isPresent()) {
      answer("403 Forbidden", refusal.get());
    } else if (proxy.isSuspended()) {
      answer("503 Service Unavailable", "the BOINC client has suspended network activity");
    } else if (tunnel) {
      tunnel(target.get());
    } else {
      request(head, words[0], URI.create(words[1]), target.get());
    }
  }

  private static Optional<Target> target(String uri) {
    try {
      URI parsed = new URI(uri);
      String host = parsed.getHost();
      if (host == null || !"http".equals(parsed.getScheme()) || parsed.getUserInfo() != null) {
        return Optional.empty();
      }
      String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return Optional.of(
          new Target(EgressRules.plain(plain), parsed.getPort() < 0 ? 80 : parsed.getPort()));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private void answer(String status, String sentence) throws IOException {
    String text = "docker_wrapper: " + sentence + "\n";
    String head =
        "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(status, text.length());
    client.getOutputStream().write((head + text).getBytes(StandardCharsets.UTF_8));
    client.shutdownOutput();
  }

  private interface Dial {
    Socket connect() throws IOException;
  }

  /** Empty after an answer that says why not. */
  private Optional<Socket> reach(Dial dial) throws IOException {
    try {
      return Optional.of(dial.connect());
    } catch (IOException e) {
      answer("502 Bad Gateway", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void tunnel(Target to) throws IOException {
    Optional<Socket> reached = reach(() -> proxy.dial().tunnel(to.host(), to.port()));
    if (reached.isEmpty()) {
      return;
    }
    Socket far = reached.get();
    try {
      proxy.opened(far);
      far.setSoTimeout(0);
      client.setSoTimeout(0);
      client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      Thread back = Thread.ofPlatform().daemon().name("egress-far").unstarted(() -> answers(far));
      back.start();
      copy(fromClient, far.getOutputStream(), Long.MAX_VALUE, true);
      far.shutdownOutput();
      back.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      proxy.closed(far);
    }
  }

  /** When the far end has nothing more to say, or breaks off, so does the job's connection. */
  private void answers(Socket far) {
    try {
      copy(far.getInputStream(), client.getOutputStream(), Long.MAX_VALUE, false);
      client.shutdownOutput();
    } catch (IOException brokenOff) {
      proxy.closed(client);
    }
  }

  private void request(EgressHead head, String method, URI uri, Target to) throws IOException {
    long length = head.value("content-length").map(EgressConnection::length).orElse(0L);
    if (head.value("transfer-encoding").isPresent() || length < 0) {
      answer("411 Length Required", "send the request with a Content-Length");
      return;
    }
    Optional<ProxySettings.Server> upstream = proxy.dial().http(to.host());
    Optional<Socket> reached =
        reach(
            () ->
                upstream.isPresent()
                    ? proxy.dial().proxy(upstream.get(), to.host())
                    : proxy.dial().tunnel(to.host(), to.port()));
    if (reached.isEmpty()) {
      return;
    }
    Socket far = reached.get();
    try {
      proxy.opened(far);
      far.setSoTimeout(0);
      StringBuilder request = new StringBuilder(method).append(' ');
      request.append(upstream.isPresent() ? "http://" + uri.getRawAuthority() : "");
      request.append(path(uri)).append(" HTTP/1.1\r\nHost: ").append(uri.getRawAuthority());
      request.append("\r\nConnection: close\r\n");
      upstream.ifPresent(server -> request.append(EgressDial.authorization(server)));
      head.passedOn().forEach(line -> request.append(line).append("\r\n"));
      byte[] bytes = request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
      far.getOutputStream().write(bytes);
      proxy.sent(bytes.length);
      copy(fromClient, far.getOutputStream(), length, true);
      copy(far.getInputStream(), client.getOutputStream(), Long.MAX_VALUE, false);
    } finally {
      proxy.closed(far);
    }
  }

  private static String path(URI uri) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  /** -1: it is none. */
  private static long length(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
  }

  private void copy(InputStream from, OutputStream to, long most, boolean outward)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = most;
    while (left > 0) {
      int count = from.read(buffer, 0, (int) Math.min(left, BUFFER));
      if (count < 0) {
        return;
      }
      to.write(buffer, 0, count);
      left -= count;
      if (outward) {
        proxy.sent(count);
      } else {
        proxy.received(count);
      }
    }
  }
}
