package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.ProxySettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way out of a job with network.allow, on this machine alone. */
class EgressProxyTest {
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean allowed = true;
  private HttpServer server;
  private int port;
  private List<EgressProxy> proxies;

  @BeforeEach
  void startServer() throws IOException {
    proxies = new ArrayList<>();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(
              "%s %s %s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      exchange.getRequestHeaders().getFirst("Host"),
                      exchange.getRequestHeaders().getFirst("Proxy-Authorization"),
                      body));
          byte[] answer = "a star".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    port = server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    proxies.forEach(EgressProxy::close);
    server.stop(0);
  }

  private int proxy(Optional<ProxySettings> upstream, boolean forbidsThisHost, String... allow)
      throws Exception {
    int free;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = probe.getLocalPort();
    }
    EgressProxy proxy =
        new EgressProxy(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), free),
            new EgressRules(List.of(allow)),
            upstream,
            address -> forbidsThisHost && EgressRules.isOfThisHost(address),
            () -> allowed,
            log::add);
    proxies.add(proxy);
    proxy.start();
    assertTrue(proxy.awaitListening(Duration.ofSeconds(30)));
    return free;
  }

  private static String ask(int proxy, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private String get(int proxy, String host) throws IOException {
    return ask(
        proxy,
        "GET http://%s:%d/x?y=1 HTTP/1.1\r\nHost: other\r\nProxy-Authorization: Basic mine\r\n\r\n"
            .formatted(host, port));
  }

  private String tunnel(int proxy, String host) throws IOException {
    return ask(
        proxy,
        "CONNECT %s:%d HTTP/1.1\r\n\r\nGET /in HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
            .formatted(host, port));
  }

  @Test
  void aPlainRequestGoesToTheHostThatWasAskedFor() throws Exception {
    String answer = get(proxy(Optional.empty(), false, "localhost:" + port), "LocalHost.");
    assertTrue(answer.startsWith("HTTP/1.1 200") && answer.endsWith("a star"), answer);
    assertEquals(List.of("GET /x?y=1 LocalHost.:%d null ".formatted(port)), requests);
  }

  @Test
  void aSecondRequestOnTheSameConnectionGoesNowhere() throws Exception {
    String answer =
        ask(
            proxy(Optional.empty(), false, "localhost:" + port),
            ("POST http://localhost:%d/a HTTP/1.1\r\nContent-Length: 4\r\n\r\nbodyGET"
                    + " http://evil.org/ HTTP/1.1\r\n\r\n")
                .formatted(port));
    assertTrue(answer.endsWith("a star"), answer);
    assertEquals(List.of("POST /a localhost:%d null body".formatted(port)), requests);
  }

  @Test
  void aTunnelIsCountedAndNotLookedInto() throws Exception {
    int proxy = proxy(Optional.empty(), false, "localhost:" + port);
    String answer = tunnel(proxy, "localhost");
    assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200"), answer);
    assertTrue(answer.endsWith("a star"), answer);
    proxies.getFirst().close();
    int received = answer.length() - "HTTP/1.1 200 OK\r\n\r\n".length();
    assertEquals(
        List.of(
            "through network.allow the job received %d and sent %d bytes in this episode"
                .formatted(
                    received, "GET /in HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".length())),
        log);
  }

  @Test
  void whatTheListDoesNotNameIsRefusedAndToldOnce() throws Exception {
    int proxy = proxy(Optional.empty(), false, "example.org:" + port, "localhost:1");
    for (int i = 0; i < 2; i++) {
      assertTrue(get(proxy, "localhost").startsWith("HTTP/1.1 403"));
      assertTrue(tunnel(proxy, "localhost").startsWith("HTTP/1.1 403"));
    }
    assertEquals(List.of(), requests);
    assertEquals(
        List.of("the job was refused a connection: network.allow does not name localhost:" + port),
        log);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "0.0.0.0", "x.localhost"})
  void aNameThatLeadsToThisComputerIsRefused(String host) throws Exception {
    int proxy = proxy(Optional.empty(), true, host + ":" + port);
    assertTrue(get(proxy, host).startsWith("HTTP/1.1 502"));
    assertTrue(tunnel(proxy, host).startsWith("HTTP/1.1 502"));
    assertEquals(List.of(), requests);
  }

  @Test
  void aSuspendedNetworkEndsWhatIsOpenAndRefusesTheRest() throws Exception {
    int proxy = proxy(Optional.empty(), false, "localhost:" + port);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy)) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              "CONNECT localhost:%d HTTP/1.1\r\n\r\n"
                  .formatted(port)
                  .getBytes(StandardCharsets.UTF_8));
      String opened = "HTTP/1.1 200 OK\r\n\r\n";
      byte[] head = socket.getInputStream().readNBytes(opened.length());
      assertEquals(opened, new String(head, StandardCharsets.UTF_8));
      allowed = false;
      proxies.getFirst().suspend();
      boolean ended;
      try {
        ended = socket.getInputStream().read() < 0;
      } catch (java.net.SocketException reset) {
        ended = true;
      }
      assertTrue(ended);
    }
    assertTrue(get(proxy, "localhost").startsWith("HTTP/1.1 503"));
    allowed = true;
    assertTrue(get(proxy, "localhost").startsWith("HTTP/1.1 200"));
  }

  @Test
  void theClientsOwnProxyIsUsedWithItsLoginAndNoJobSeesThat() throws Exception {
    ProxySettings.Server client = new ProxySettings.Server("localhost", port, "user", "pass word");
    int proxy =
        proxy(
            Optional.of(new ProxySettings(Optional.of(client), Optional.empty(), false, "")),
            false,
            "example.invalid:" + port);
    String answer = get(proxy, "example.invalid");
    assertTrue(answer.endsWith("a star"), answer);
    assertEquals(
        List.of(
            "GET http://example.invalid:%d/x?y=1 example.invalid:%d Basic dXNlcjpwYXNzIHdvcmQ= "
                .formatted(port, port)),
        requests);
    assertFalse(answer.contains("dXNl") || log.toString().contains("pass"));
  }

  @Test
  void aTunnelThroughTheClientsProxyIsAskedOfThatProxy() throws Exception {
    int outer = proxy(Optional.empty(), false, "localhost:" + port);
    ProxySettings.Server client = new ProxySettings.Server("localhost", outer, "", "");
    Optional<ProxySettings> settings =
        Optional.of(new ProxySettings(Optional.of(client), Optional.empty(), false, ""));
    assertTrue(
        tunnel(proxy(settings, false, "*:1", "localhost:" + port), "localhost").endsWith("a star"));
    String refused = tunnel(proxy(settings, false, "example.invalid:" + port), "example.invalid");
    assertTrue(refused.startsWith("HTTP/1.1 502") && refused.contains("403"), refused);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "CONNECT localhost HTTP/1.1\r\n\r\n",
        "GET ftp://localhost/ HTTP/1.1\r\n\r\n",
        "GET http://u@localhost/ HTTP/1.1\r\n\r\n",
        "hello\r\n\r\n"
      })
  void whatIsNoRequestToAProxyIsRefused(String request) throws Exception {
    assertTrue(
        ask(proxy(Optional.empty(), false, "localhost:80"), request).startsWith("HTTP/1.1 400"));
  }

  @Test
  void aBodyWithoutALengthIsRefused() throws Exception {
    String answer =
        ask(
            proxy(Optional.empty(), false, "localhost:" + port),
            "POST http://localhost:%d/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                .formatted(port));
    assertTrue(answer.startsWith("HTTP/1.1 411"), answer);
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, 443, true",
    "EXAMPLE.org., 443, true",
    "example.org, 80, false",
    "www.example.org, 443, false",
    "a.lhc.ch, 80, true",
    "a.b.lhc.ch, 80, true",
    "lhc.ch, 80, false",
    "evillhc.ch, 80, false",
    "a.lhc.ch.evil.org, 80, false"
  })
  void aNameIsInTheListOrNot(String host, int at, boolean named) {
    assertEquals(named, new EgressRules(List.of("example.org:443", "*.LHC.ch:80")).name(host, at));
  }
}
