package org.boinc.dockerwrapper.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A registry on loopback that holds one image under every name and tag, or refuses it, and what is
 * pushed to it. Docker speaks plain HTTP to 127.0.0.0/8 after TLS was refused, Podman to the ports
 * that scripts/engines sets up.
 */
final class TinyRegistry implements AutoCloseable {
  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  private static final int FIRST_PORT = 47100;
  private static final int PORTS = 32;
  private static final int TLS_HANDSHAKE = 0x16;
  private static final String AUTHORIZATION = "authorization";
  private static final String STORE_PASSWORD = "changeit";

  @SuppressWarnings("ArrayRecordComponent") // bytes for the wire, never compared
  private record Answer(int status, String type, byte[] body) {}

  private static final Answer UNKNOWN =
      new Answer(
          401,
          "application/json",
          "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"log in first\"}]}"
              .getBytes(StandardCharsets.UTF_8));

  private final ServerSocket server;
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final RegistryUploads uploads = new RegistryUploads(blobs);
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Optional<byte[]> manifest;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile int refusal;
  private volatile boolean hanging;
  private volatile boolean corrupt;
  private volatile Optional<String> login = Optional.empty();
  private volatile Optional<SSLContext> tls = Optional.empty();

  /**
   * @param saved what {@code docker save} wrote of one image
   */
  TinyRegistry(Path saved) throws IOException {
    this.manifest = Optional.of(manifest(entries(saved)));
    this.server = freePort();
    Thread.ofVirtual().start(this::serve);
  }

  /** One that is empty. */
  TinyRegistry() throws IOException {
    this.manifest = Optional.empty();
    this.server = freePort();
    Thread.ofVirtual().start(this::serve);
  }

  private static ServerSocket freePort() throws IOException {
    for (int port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) {
      try {
        return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      } catch (BindException taken) {
        // by another test
      }
    }
    throw new IOException("no port is free from " + FIRST_PORT + " on");
  }

  /** Where the image is, under a name of the caller's choice. */
  String reference(String nameAndTag) {
    return "127.0.0.1:" + server.getLocalPort() + "/" + nameAndTag;
  }

  /** {@code sha256:…} of the manifest. */
  String digest() {
    return digest(manifest.orElseThrow());
  }

  /** Every manifest that is asked for from now on is answered with this status. */
  void refuse(int status) {
    refusal = status;
  }

  /** Every manifest that is asked for from now on gets no answer until the registry is closed. */
  void hang() {
    hanging = true;
  }

  /** Every layer from now on comes with another content than its digest says. */
  void corrupt() {
    corrupt = true;
  }

  /** From now on only who logs in is answered. */
  void requireLogin(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    login = Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
  }

  /**
   * From now on it speaks TLS and nothing else, with a certificate that it signed itself.
   *
   * @param directory for the key
   */
  void requireTls(Path directory) throws Exception {
    Path store = directory.resolve("registry.p12");
    Process made =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "registry",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_PASSWORD)
            .redirectErrorStream(true)
            .start();
    made.getInputStream().transferTo(OutputStream.nullOutputStream());
    if (made.waitFor() != 0) {
      throw new IOException("keytool made no key");
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(
        KeyStore.getInstance(store.toFile(), STORE_PASSWORD.toCharArray()),
        STORE_PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    tls = Optional.of(context);
  }

  /** Such as {@code GET /v2/a/manifests/1}. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private static Map<String, byte[]> entries(Path saved) throws IOException {
    Map<String, byte[]> entries = new HashMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(saved))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.put(entry.getName(), tar.readAllBytes());
      }
    }
    return entries;
  }

  private byte[] manifest(Map<String, byte[]> entries) throws IOException {
    JsonNode image = new ObjectMapper().readTree(entries.get("manifest.json")).get(0);
    String config =
        blob(
            entries,
            image.get("Config").textValue(),
            "application/vnd.docker.container.image.v1+json");
    List<String> layers = new ArrayList<>();
    for (JsonNode layer : image.get("Layers")) {
      layers.add(
          blob(entries, layer.textValue(), "application/vnd.docker.image.rootfs.diff.tar.gzip"));
    }
    return """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}"""
        .formatted(MANIFEST, config, String.join(",", layers))
        .getBytes(StandardCharsets.UTF_8);
  }

  private String blob(Map<String, byte[]> entries, String name, String type) {
    byte[] content = entries.get(name);
    if (content == null) {
      throw new IllegalArgumentException("the archive has no " + name);
    }
    blobs.put(digest(content), content);
    return "{\"mediaType\":\"%s\",\"size\":%d,\"digest\":\"%s\"}"
        .formatted(type, content.length, digest(content));
  }

  static String digest(byte[] content) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void serve() {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> converse(client));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void converse(Socket client) {
    try (client) {
      InputStream first = new ByteArrayInputStream(client.getInputStream().readNBytes(1));
      first.mark(1);
      boolean handshake = first.read() == TLS_HANDSHAKE;
      first.reset();
      if (handshake != tls.isPresent()) {
        client
            .getOutputStream()
            .write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      } else if (handshake) {
        try (Socket secret = tls.get().getSocketFactory().createSocket(client, first, true)) {
          converse(secret.getInputStream(), secret.getOutputStream());
        }
      } else {
        converse(new SequenceInputStream(first, client.getInputStream()), client.getOutputStream());
      }
    } catch (IOException gone) {
      // the engine has changed its mind
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void converse(InputStream plain, OutputStream out)
      throws IOException, InterruptedException {
    try (InputStream in = new BufferedInputStream(plain)) {
      String request = line(in);
      Map<String, String> headers = new HashMap<>();
      for (String header = line(in); !header.isEmpty(); header = line(in)) {
        int colon = header.indexOf(':');
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT),
            header.substring(colon + 1).strip());
      }
      Optional<String> shown = Optional.ofNullable(headers.get(AUTHORIZATION));
      String[] words = request.split(" ", -1);
      requests.add(words[0] + " " + words[1]);
      if (hanging && words[1].contains("/manifests/")) {
        closed.await();
        return;
      }
      boolean known = login.isEmpty() || login.equals(shown);
      if (known && RegistryUploads.takes(words[0])) {
        out.write(uploads.answer(words[0], words[1], RegistryUploads.body(in, headers)));
        out.flush();
        return;
      }
      send(out, known ? answer(words[1]) : UNKNOWN, words[0].equals("HEAD"));
    }
  }

  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.append((char) b);
    }
    return line.toString().strip();
  }

  private Answer answer(String path) {
    if (path.contains("/manifests/")) {
      Optional<byte[]> known = uploads.manifest(path).or(() -> manifest);
      return refusal == 0 && known.isPresent() ? new Answer(200, MANIFEST, known.get()) : refused();
    }
    if (path.contains("/blobs/")) {
      byte[] blob = blobs.get(path.substring(path.lastIndexOf('/') + 1));
      return blob == null
          ? new Answer(404, "text/plain", new byte[0])
          : new Answer(200, "application/octet-stream", corrupt ? altered(blob) : blob);
    }
    return new Answer(200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] altered(byte[] blob) {
    byte[] other = blob.clone();
    other[other.length / 2] ^= 1;
    return other;
  }

  private Answer refused() {
    String code =
        switch (refusal) {
          case 0, 404 -> "MANIFEST_UNKNOWN";
          case 429 -> "TOOMANYREQUESTS";
          default -> "UNKNOWN";
        };
    return new Answer(
        refusal == 0 ? 404 : refusal,
        "application/json",
        "{\"errors\":[{\"code\":\"%s\",\"message\":\"refused by the test\"}]}"
            .formatted(code)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static void send(OutputStream out, Answer answer, boolean headOnly) throws IOException {
    String head =
        "HTTP/1.1 %d Answer\r\nContent-Type: %s\r\nContent-Length: %d\r\nDocker-Content-Digest: %s\r\nDocker-Distribution-API-Version: registry/2.0\r\nWWW-Authenticate: Basic realm=\"test\"\r\nConnection: close\r\n\r\n"
            .formatted(answer.status(), answer.type(), answer.body().length, digest(answer.body()));
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    if (!headOnly) {
      out.write(answer.body());
    }
    out.flush();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
  }
}
