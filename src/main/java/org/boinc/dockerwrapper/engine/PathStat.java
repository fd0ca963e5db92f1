package org.boinc.dockerwrapper.engine;

import com.google.gson.JsonParseException;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * What the engine says of a path in a container without fetching it (Docker API,
 * ContainerArchiveInfo).
 *
 * @param mode bits as the Go language counts them, permissions as everybody does; 0: not said
 * @param bytes size of a file; -1: not said
 * @param changed time of the last change of its content, as the engine writes it; empty: not said
 * @param target of a symbolic link
 */
record PathStat(long mode, long bytes, String changed, String target) {
  private static final String HEADER = "X-Docker-Container-Path-Stat";
  private static final long DIRECTORY = 1L << 31;
  private static final long LINK = 1L << 27;

  /** Directory, link, device, pipe, socket, character device, irregular (Go's io/fs.ModeType). */
  private static final long NO_FILE = 0x8F28_0000L;

  private static final long WRITABLE_BY_ALL = 0002;

  /**
   * Empty if there is no such path.
   *
   * @throws EngineException where the engine does not say so: that a file is missing is news
   */
  static Optional<PathStat> of(Session session, String id, String path)
      throws EngineException, IOException {
    EngineRequest request =
        EngineRequest.head(EngineRequest.container(id, "/archive"), Map.of("path", "/" + path));
    Optional<Optional<String>> header =
        session.head("looking at /" + path + " in container " + id, request, HEADER);
    return header.isEmpty() ? Optional.empty() : Optional.of(parse(header.get().orElse("")));
  }

  private static PathStat parse(String header) throws IOException {
    try {
      Json stat = Json.parse(Base64.getDecoder().decode(header));
      Json size = stat.path("size");
      return new PathStat(
          stat.path("mode").number(),
          size.isNumber() ? size.number() : -1,
          stat.path("mtime").text(),
          stat.path("linkTarget").text());
    } catch (IllegalArgumentException | JsonParseException e) {
      throw new IOException(
          "the engine's header %s can't be understood: %s".formatted(HEADER, header), e);
    }
  }

  /** A directory itself, no link to one. */
  boolean isDirectory() {
    return (mode & DIRECTORY) != 0;
  }

  boolean isLink() {
    return (mode & LINK) != 0;
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
