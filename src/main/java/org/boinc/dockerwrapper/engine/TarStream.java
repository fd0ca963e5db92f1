package org.boinc.dockerwrapper.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * A tar archive that comes into being while it is read: no thread, no temporary file, the same
 * memory for files of any size.
 */
final class TarStream extends InputStream {

  /**
   * What all entries have in common.
   *
   * @param time of every entry; empty: each file's own
   */
  record Owner(long uid, long gid, Optional<Instant> time) {}

  private static final int STEP = 256 * 1024;

  private final Iterator<TarItem> items;
  private final Owner owner;
  private final ByteArrayOutputStream made = new ByteArrayOutputStream(STEP + 1024);
  private final TarArchiveOutputStream tar;
  private final byte[] buffer = new byte[STEP];
  private byte[] ready = new byte[0];
  private int position;
  private @Nullable InputStream content;
  private long left;
  private boolean finished;

  TarStream(List<TarItem> items, Owner owner) {
    this.items = items.iterator();
    this.owner = owner;
    this.tar = posix(made);
  }

  /** Names of any length and alphabet, files of any size. */
  static TarArchiveOutputStream posix(java.io.OutputStream out) {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    return tar;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    while (position == ready.length) {
      if (finished) {
        return -1;
      }
      produce();
      ready = made.toByteArray();
      made.reset();
      position = 0;
    }
    int count = Math.min(length, ready.length - position);
    System.arraycopy(ready, position, to, offset, count);
    position += count;
    return count;
  }

  private void produce() throws IOException {
    if (content != null) {
      copySome(content);
    } else if (items.hasNext()) {
      begin(items.next());
    } else {
      tar.close();
      finished = true;
    }
  }

  private void copySome(InputStream from) throws IOException {
    int count = left == 0 ? 0 : from.read(buffer, 0, (int) Math.min(left, STEP));
    if (count < 0) {
      throw new IOException("a file became shorter while it was copied");
    }
    tar.write(buffer, 0, count);
    left -= count;
    if (left == 0) {
      from.close();
      content = null;
      tar.closeArchiveEntry();
    }
  }

  private void begin(TarItem item) throws IOException {
    switch (item) {
      case TarItem.Directory(String name) ->
          put(entry(name + "/", TarConstants.LF_DIR, 0755, Instant.now()));
      case TarItem.Link(String name, String target) -> {
        TarArchiveEntry entry = entry(name, TarConstants.LF_SYMLINK, 0777, Instant.now());
        entry.setLinkName(target);
        put(entry);
      }
      case TarItem.File(String name, Path path, boolean executable) -> {
        Instant modified = Files.getLastModifiedTime(path).toInstant();
        TarArchiveEntry entry =
            entry(name, TarConstants.LF_NORMAL, executable ? 0755 : 0644, modified);
        left = Files.size(path);
        entry.setSize(left);
        content = Files.newInputStream(path);
        tar.putArchiveEntry(entry);
      }
    }
  }

  private void put(TarArchiveEntry entry) throws IOException {
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private TarArchiveEntry entry(String name, byte type, int mode, Instant modified) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    entry.setMode(mode);
    entry.setUserId(owner.uid());
    entry.setGroupId(owner.gid());
    // whole seconds: a fraction would cost each entry a header of its own
    entry.setLastModifiedTime(
        FileTime.from(owner.time().orElse(modified).truncatedTo(ChronoUnit.SECONDS)));
    return entry;
  }

  @Override
  public void close() throws IOException {
    finished = true;
    if (content != null) {
      content.close();
    }
  }
}
