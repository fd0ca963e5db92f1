package org.boinc.dockerwrapper.engine;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where an engine listens. {@code toString} is the form that {@link #parse} reads. */
public sealed interface Endpoint {

  /** A Unix socket, such as {@code /var/run/docker.sock}. */
  record UnixSocket(Path path) implements Endpoint {
    @Override
    public String toString() {
      return UNIX + path;
    }
  }

  /** The scheme of Docker's own {@code DOCKER_HOST}. */
  String UNIX = "unix://";

  /** Reads {@code unix:///path}; empty for any other scheme and for a relative path. */
  static Optional<Endpoint> parse(String text) {
    if (!text.startsWith(UNIX)) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(text.substring(UNIX.length()));
      return path.isAbsolute() ? Optional.of(new UnixSocket(path)) : Optional.empty();
    } catch (InvalidPathException unusable) {
      return Optional.empty();
    }
  }
}
