package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the engine says of a path in a container without fetching it; docker-java has no command for
 * this request.
 *
 * @param mode bits as the Go language counts them, permissions as everybody does; 0: not said
 * @param bytes size of a file; -1: not said
 * @param changed time of the last change of its content, as the engine writes it; empty: not said
 */
record PathStat(long mode, long bytes, String changed) {
  private static final String HEADER = "X-Docker-Container-Path-Stat";
  private static final Pattern MODE = Pattern.compile("\"mode\":([0-9]{1,10})");
  private static final Pattern SIZE = Pattern.compile("\"size\":([0-9]{1,18})");
  private static final Pattern CHANGED = Pattern.compile("\"mtime\":\"([^\"\\\\]{1,64})\"");
  private static final long DIRECTORY = 1L << 31;

  /** Directory, link, device, pipe, socket, character device, irregular (Go's io/fs.ModeType). */
  private static final long NO_FILE = 0x8F28_0000L;

  private static final long WRITABLE_BY_ALL = 0002;

  /** Empty if there is no such path. */
  static Optional<PathStat> of(Session session, String id, String path) throws IOException {
    String query = URLEncoder.encode("/" + path, StandardCharsets.UTF_8);
    String name = URLEncoder.encode(id, StandardCharsets.UTF_8);
    Request request =
        Request.builder()
            .method("HEAD")
            .path("/containers/" + name + "/archive?path=" + query)
            .build();
    try (Response response = session.http().execute(request)) {
      return response.getStatusCode() == 200
          ? Optional.of(parse(Optional.ofNullable(response.getHeader(HEADER)).orElse("")))
          : Optional.empty();
    }
  }

  private static PathStat parse(String header) throws IOException {
    try {
      byte[] json = Base64.getDecoder().decode(header);
      String text = new String(json, StandardCharsets.UTF_8);
      Matcher mode = MODE.matcher(text);
      Matcher size = SIZE.matcher(text);
      Matcher changed = CHANGED.matcher(text);
      return new PathStat(
          mode.find() ? Long.parseLong(mode.group(1)) : 0,
          size.find() ? Long.parseLong(size.group(1)) : -1,
          changed.find() ? changed.group(1) : "");
    } catch (IllegalArgumentException e) {
      throw new IOException("the engine's header " + HEADER + " is not base64: " + header, e);
    }
  }

  /** A directory itself, no link to one. */
  boolean isDirectory() {
    return (mode & DIRECTORY) != 0;
  }

  /** The state of a file itself; empty for anything else, and where the engine does not say. */
  Optional<FileStamp> file() {
    return (mode & NO_FILE) == 0 && bytes >= 0 && !changed.isEmpty()
        ? Optional.of(new FileStamp(bytes, changed))
        : Optional.empty();
  }

  boolean isWritableByAll() {
    return (mode & WRITABLE_BY_ALL) != 0;
  }
}
