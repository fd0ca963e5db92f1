package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server of the JDK's own, with certificates made by its keytool. */
@Timeout(60)
class TlsWireTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final String EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  @TempDir static Path directory;

  @BeforeAll
  static void makeKeys() throws Exception {
    makeKey("server", "EC", "san=dns:localhost,ip:127.0.0.1");
    makeKey("client", "RSA", "san=dns:client");
    makeKey("elsewhere", "EC", "san=dns:elsewhere");
    writeMaterial("good", "server", "client");
  }

  private static void makeKey(String name, String algorithm, String extension) throws Exception {
    Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                tool.toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-ext",
                extension,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                directory.resolve(name + ".p12").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  private static KeyStore store(String name) throws Exception {
    return KeyStore.getInstance(directory.resolve(name + ".p12").toFile(), PASSWORD);
  }

  private static String pem(String kind, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }

  /** A directory as Docker has it. */
  private static Path writeMaterial(String name, String authority, String identity)
      throws Exception {
    Path place = Files.createDirectories(directory.resolve(name));
    Files.writeString(
        place.resolve("ca.pem"),
        pem("CERTIFICATE", store(authority).getCertificate("k").getEncoded()));
    if (!identity.isEmpty()) {
      Key key = store(identity).getKey("k", PASSWORD);
      Files.writeString(place.resolve("key.pem"), pem("PRIVATE KEY", key.getEncoded()));
      Files.writeString(
          place.resolve("cert.pem"),
          pem("CERTIFICATE", store(identity).getCertificate("k").getEncoded()));
    }
    return place;
  }

  private static SSLServerSocket listener(String identity, String version) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store(identity), PASSWORD);
    KeyStore clients = KeyStore.getInstance("PKCS12");
    clients.load(null, null);
    clients.setCertificateEntry("client", store("client").getCertificate("k"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(clients);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    SSLServerSocket socket =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    socket.setEnabledProtocols(new String[] {version});
    socket.setNeedClientAuth(true);
    return socket;
  }

  private static Request get() {
    return Request.builder().method(Request.Method.GET).path("/x").build();
  }

  private static String failure(CannedServer server) {
    try (EngineHttpClient http = new EngineHttpClient(server.endpoint(), LIMIT)) {
      UncheckedIOException e =
          assertThrows(UncheckedIOException.class, () -> http.execute(get()).close());
      return Objects.requireNonNull(Objects.requireNonNull(e.getCause()).getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void largeAnswersComeOverOneKeptConnection(String version) throws Exception {
    String large = "0123456789".repeat(300_000);
    try (CannedServer server =
            new CannedServer(
                listener("server", version),
                directory.resolve("good"),
                "HTTP/1.1 200 OK\r\nContent-Length: " + large.length() + "\r\n\r\n" + large);
        EngineHttpClient http = new EngineHttpClient(server.endpoint(), LIMIT)) {
      for (int i = 0; i < 3; i++) {
        try (Response response = http.execute(get());
            InputStream body = response.getBody()) {
          assertEquals(large, new String(body.readAllBytes(), StandardCharsets.US_ASCII));
        }
      }
      assertEquals(1, server.connections());
    }
  }

  @Test
  void aLargeUploadArrivesWhole() throws Exception {
    byte[] sent = new byte[3_000_000];
    new Random(1).nextBytes(sent);
    try (SSLServerSocket server = listener("server", "TLSv1.3")) {
      CompletableFuture<byte[]> received =
          CompletableFuture.supplyAsync(
              () -> {
                try (var client = server.accept()) {
                  InputStream in = client.getInputStream();
                  String head = "";
                  while (!head.endsWith("\r\n\r\n")) {
                    head += (char) in.read();
                  }
                  byte[] body = in.readNBytes(sent.length);
                  client.getOutputStream().write(EMPTY.getBytes(StandardCharsets.US_ASCII));
                  in.read();
                  return body;
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      Endpoint endpoint =
          new Endpoint.Tcp(
              "localhost", server.getLocalPort(), Optional.of(directory.resolve("good")));
      try (EngineHttpClient http = new EngineHttpClient(endpoint, LIMIT)) {
        http.execute(
                Request.builder().method(Request.Method.POST).path("/y").bodyBytes(sent).build())
            .close();
      }
      assertArrayEquals(sent, received.get());
    }
  }

  @Test
  void aMuteServerIsATimeout() throws Exception {
    try (CannedServer server =
            new CannedServer(listener("server", "TLSv1.3"), directory.resolve("good"), EMPTY, "");
        EngineHttpClient http = new EngineHttpClient(server.endpoint(), LIMIT)) {
      http.execute(get()).close();
      UncheckedIOException e =
          assertThrows(
              UncheckedIOException.class, () -> http.with(Duration.ofMillis(100)).execute(get()));
      assertEquals(
          Fault.TIMEOUT, ((TransportException) Objects.requireNonNull(e.getCause())).fault());
    }
  }

  @Test
  void aServerThatIsNotTrustedOrHasAnotherNameIsNotSpokenTo() throws Exception {
    try (CannedServer server =
        new CannedServer(
            listener("server", "TLSv1.3"),
            writeMaterial("distrustful", "elsewhere", "client"),
            EMPTY)) {
      assertTrue(failure(server).startsWith("no TLS with localhost port "), failure(server));
    }
    try (CannedServer server =
        new CannedServer(
            listener("elsewhere", "TLSv1.3"),
            writeMaterial("other", "elsewhere", "client"),
            EMPTY)) {
      String sentence = failure(server);
      assertTrue(sentence.contains("localhost"), sentence);
      assertEquals(0, server.heads().size());
    }
  }

  @Test
  void aServerThatWantsToKnowUsIsNotFoundWithoutAKey() throws Exception {
    for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      try (CannedServer server =
          new CannedServer(
              listener("server", version), writeMaterial("nobody", "server", ""), EMPTY)) {
        String sentence = failure(server);
        assertTrue(sentence.contains("fatal alert"), sentence);
      }
    }
  }

  @Test
  void aServerThatSpeaksNoTlsIsUnderstoodAsSuch() throws Exception {
    try (CannedServer server =
        new CannedServer(
            new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
            directory.resolve("good"),
            "HTTP/1.1 400 Bad Request\r\n\r\n" + CannedServer.CLOSE)) {
      UncheckedIOException e =
          assertThrows(
              UncheckedIOException.class,
              () -> new EngineHttpClient(server.endpoint(), Duration.ofMillis(500)).execute(get()));
      assertTrue(String.valueOf(e.getMessage()).contains("no TLS with localhost"), e.toString());
    }
  }

  @Test
  void aKeyOfOpenSslsOldFormIsReadAndAStrangeOneTold() throws Exception {
    Path place = writeMaterial("old", "server", "client");
    byte[] pkcs8 = store("client").getKey("k", PASSWORD).getEncoded();
    // Version, algorithm and two headers stand before what PKCS#1 holds.
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
    Files.writeString(place.resolve("key.pem"), pem("RSA PRIVATE KEY", pkcs1));
    assertArrayEquals(
        pkcs8, PemKey.pkcs8(Files.readString(place.resolve("key.pem"))).orElseThrow());
    try (CannedServer server = new CannedServer(listener("server", "TLSv1.3"), place, EMPTY);
        EngineHttpClient http = new EngineHttpClient(server.endpoint(), LIMIT)) {
      http.execute(get()).close();
      assertEquals(1, server.heads().size());
      Files.writeString(place.resolve("key.pem"), pem("EC PRIVATE KEY", pkcs1));
      String sentence = failure(server);
      assertTrue(sentence.contains("key.pem") && sentence.contains("openssl pkcs8"), sentence);
    }
  }

  @Test
  void aDirectoryThatIsNotThereIsTold() {
    TransportException e =
        assertThrows(TransportException.class, () -> TlsMaterial.read(directory.resolve("absent")));
    assertEquals(Fault.DENIED, e.fault());
    assertTrue(String.valueOf(e.getMessage()).contains("absent"), e.getMessage());
  }
}
