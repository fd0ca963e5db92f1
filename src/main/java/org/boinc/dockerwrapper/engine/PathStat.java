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
 */
record PathStat(long mode) {
  private static final String HEADER = "X-Docker-Container-Path-Stat";
  private static final Pattern MODE = Pattern.compile("\"mode\":([0-9]{1,10})");
  private static final long DIRECTORY = 1L << 31;
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
      Matcher mode = MODE.matcher(new String(json, StandardCharsets.UTF_8));
      return new PathStat(mode.find() ? Long.parseLong(mode.group(1)) : 0);
    } catch (IllegalArgumentException e) {
      throw new IOException("the engine's header " + HEADER + " is not base64: " + header, e);
    }
  }

  /** A directory itself, no link to one. */
  boolean isDirectory() {
    return (mode & DIRECTORY) != 0;
  }

  boolean isWritableByAll() {
    return (mode & WRITABLE_BY_ALL) != 0;
  }
}
