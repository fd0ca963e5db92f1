package org.boinc.dockerwrapper.engine;

import com.google.common.base.Throwables;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads the archive of a container's path, entry by entry. Whatever goes wrong here is the engine's
 * or the container's doing, so it is a {@link TransportException}; an IOException of the caller is
 * then one of this host.
 */
final class ContainerArchive implements AutoCloseable {

  /** What an entry is. */
  enum Kind {
    FILE,
    DIRECTORY,
    SYMBOLIC_LINK,
    HARD_LINK,
    OTHER
  }

  /**
   * One entry.
   *
   * @param path below the path that was asked for, which is itself the empty path; no component is
   *     {@code .} or {@code ..}
   * @param link where a link leads: of a hard link such a path, of a symbolic one as it is written
   */
  record Item(String path, Kind kind, long size, boolean executable, String link) {}

  private static final int END_MARK = 1024;

  private final ZeroTail raw;
  private final TarArchiveInputStream tar;
  private String root = "";
  private boolean first = true;

  ContainerArchive(InputStream body) {
    this.raw = new ZeroTail(body);
    this.tar = new TarArchiveInputStream(raw, StandardCharsets.UTF_8.name());
  }

  /** The next entry; the first one is the path that was asked for. */
  Optional<Item> next() throws TransportException {
    try {
      TarArchiveEntry entry = tar.getNextEntry();
      if (entry == null) {
        if (raw.zeros < END_MARK) {
          throw damaged("it ends too early");
        }
        return Optional.empty();
      }
      String name = clean(entry.getName());
      if (first) {
        first = false;
        root = name;
      }
      Kind kind = kind(entry);
      String link = entry.getLinkName() == null ? "" : entry.getLinkName();
      return Optional.of(
          new Item(
              below(name),
              kind,
              kind == Kind.FILE ? entry.getSize() : 0,
              (entry.getMode() & 0100) != 0,
              kind == Kind.HARD_LINK ? below(clean(link)) : link));
    } catch (TransportException known) {
      throw known;
    } catch (IOException | IllegalArgumentException broken) {
      throw translate(broken);
    }
  }

  private static Kind kind(TarArchiveEntry entry) {
    if (entry.isSymbolicLink()) {
      return Kind.SYMBOLIC_LINK;
    }
    if (entry.isLink()) {
      return Kind.HARD_LINK;
    }
    if (entry.isDirectory()) {
      return Kind.DIRECTORY;
    }
    return entry.isFile() && !entry.isFIFO() && !entry.isBlockDevice() && !entry.isCharacterDevice()
        ? Kind.FILE
        : Kind.OTHER;
  }

  /** Without {@code .}, double and outer slashes; a name that leaves its directory ends it all. */
  private static String clean(String name) throws TransportException {
    StringBuilder clean = new StringBuilder();
    for (String part : name.split("/", -1)) {
      if (part.equals("..") || part.indexOf('\0') >= 0) {
        throw damaged("it holds the name " + name);
      }
      if (!part.isEmpty() && !part.equals(".")) {
        clean.append(clean.isEmpty() ? "" : "/").append(part);
      }
    }
    return clean.toString();
  }

  private String below(String name) throws TransportException {
    if (root.isEmpty() || name.equals(root)) {
      return name.equals(root) ? "" : name;
    }
    if (!name.startsWith(root + "/")) {
      throw damaged("it holds " + name + " beside " + root);
    }
    return name.substring(root.length() + 1);
  }

  /** The content of the entry that {@link #next} gave last. */
  InputStream content() {
    return new FilterInputStream(tar) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] to, int offset, int length) throws IOException {
        try {
          return super.read(to, offset, length);
        } catch (IOException broken) {
          throw translate(broken);
        }
      }

      @Override
      public void close() {
        // the archive goes on behind this entry
      }
    };
  }

  private static TransportException translate(Exception broken) {
    for (Throwable cause : Throwables.getCausalChain(broken)) {
      if (cause instanceof TransportException known) {
        return known;
      }
    }
    return damaged(String.valueOf(broken.getMessage()));
  }

  private static TransportException damaged(String how) {
    return new TransportException(
        Fault.UNREACHABLE, "the archive that the engine sent is damaged: " + how, null);
  }

  @Override
  public void close() throws IOException {
    raw.close();
  }

  /**
   * Counts the zero bytes at the end of what was read: an engine that fails in the middle ends the
   * answer as if it were complete, only the end mark of the archive is missing.
   */
  private static final class ZeroTail extends FilterInputStream {
    private long zeros;

    ZeroTail(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int count = super.read(to, offset, length);
      int last = offset + count - 1;
      while (last >= offset && to[last] == 0) {
        last--;
      }
      if (count > 0) {
        zeros = last < offset ? zeros + count : offset + count - 1 - last;
      }
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      byte[] scratch = new byte[(int) Math.min(8192, Math.max(count, 1))];
      return Math.max(0, read(scratch, 0, (int) Math.min(count, scratch.length)));
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
