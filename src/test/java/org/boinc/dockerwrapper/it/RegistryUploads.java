package org.boinc.dockerwrapper.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The half of a registry's protocol by which images come into it. */
final class RegistryUploads {
  private static final Set<String> METHODS = Set.of("POST", "PATCH", "PUT");

  private final Map<String, byte[]> blobs;
  private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  private final Map<String, ByteArrayOutputStream> begun = new ConcurrentHashMap<>();
  private final AtomicInteger number = new AtomicInteger();

  /**
   * @param blobs where finished ones go, by digest
   */
  RegistryUploads(Map<String, byte[]> blobs) {
    this.blobs = blobs;
  }

  static boolean takes(String method) {
    return METHODS.contains(method);
  }

  /** What was pushed to such a path, or under that digest. */
  Optional<byte[]> manifest(String path) {
    return Optional.ofNullable(manifests.get(path));
  }

  /** The answer's bytes. */
  byte[] answer(String method, String path, byte[] body) {
    if (path.contains("/manifests/")) {
      String digest = TinyRegistry.digest(body);
      manifests.put(path, body);
      manifests.put(path.substring(0, path.lastIndexOf('/') + 1) + digest, body);
      return head(201, path, digest, 0);
    }
    String place = path.replaceFirst("\\?.*", "");
    if (method.equals("POST")) {
      place += (place.endsWith("/") ? "" : "/") + number.incrementAndGet();
    }
    ByteArrayOutputStream upload = begun.computeIfAbsent(place, _ -> new ByteArrayOutputStream());
    upload.writeBytes(body);
    if (!method.equals("PUT")) {
      return head(202, place, "", upload.size());
    }
    byte[] content = upload.toByteArray();
    String digest = TinyRegistry.digest(content);
    if (!path.replace("%3A", ":").endsWith("digest=" + digest)) {
      return head(400, place, "", 0);
    }
    blobs.put(digest, content);
    return head(201, place, digest, content.length);
  }

  /** The client believes the range, and counts by it. */
  private static byte[] head(int status, String location, String digest, int bytes) {
    return "HTTP/1.1 %d Answer\r\nContent-Length: 0\r\nLocation: %s\r\nDocker-Content-Digest: %s\r\nRange: 0-%d\r\nDocker-Distribution-API-Version: registry/2.0\r\nConnection: close\r\n\r\n"
        .formatted(status, location, digest, Math.max(0, bytes - 1))
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** A request's body, by its length or in chunks. */
  static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if (!headers.containsKey("transfer-encoding")) {
      return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunk(in); size > 0; size = chunk(in)) {
      body.writeBytes(in.readNBytes(size));
      TinyRegistry.line(in);
    }
    return body.toByteArray();
  }

  private static int chunk(InputStream in) throws IOException {
    return Integer.parseInt(TinyRegistry.line(in), 16);
  }
}
