package org.boinc.dockerwrapper.engine;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** One tar archive, compressed or not, packed while the entries arrive. */
final class OutputTar implements OutputTarget {
  private final PartFile part;
  private final TarArchiveOutputStream tar;
  private final String base;
  private final Set<String> written = new HashSet<>();

  /**
   * @param base name before every path in the archive; empty: none
   */
  OutputTar(Path destination, String base, boolean compressed) throws IOException {
    if (destination.getParent() != null) {
      Files.createDirectories(destination.getParent());
    }
    if (Files.isDirectory(destination, LinkOption.NOFOLLOW_LINKS)) {
      throw new OutputRefusedException(
          destination + " is a directory, and an archive is to take its place");
    }
    this.base = base;
    this.part = new PartFile(destination);
    OutputStream out = new BufferedOutputStream(part.out(), 1 << 16);
    this.tar = TarStream.posix(compressed ? new GZIPOutputStream(out, 1 << 16) : out);
  }

  private String name(String path) {
    return base.isEmpty() || path.isEmpty() ? base + path : base + "/" + path;
  }

  @Override
  public void directory(ContainerArchive.Item item) throws IOException {
    String name = name(item.path());
    if (!name.isEmpty()) {
      put(entry(name + "/", TarConstants.LF_DIR, 0755));
    }
  }

  @Override
  public long file(ContainerArchive.Item item, InputStream content) throws IOException {
    TarArchiveEntry entry =
        entry(name(item.path()), TarConstants.LF_NORMAL, item.executable() ? 0755 : 0644);
    entry.setSize(item.size());
    tar.putArchiveEntry(entry);
    long bytes = content.transferTo(tar);
    tar.closeArchiveEntry();
    written.add(item.path());
    return bytes;
  }

  @Override
  public long hardLink(ContainerArchive.Item item) throws IOException {
    if (!written.contains(item.link())) {
      return -1;
    }
    TarArchiveEntry entry = entry(name(item.path()), TarConstants.LF_LINK, 0644);
    entry.setLinkName(name(item.link()));
    put(entry);
    return 0;
  }

  private void put(TarArchiveEntry entry) throws IOException {
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private static TarArchiveEntry entry(String name, byte type, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    entry.setMode(mode);
    entry.setIds(0, 0);
    return entry;
  }

  @Override
  public void complete() throws IOException {
    tar.close();
    part.complete();
  }

  @Override
  public void close() throws IOException {
    part.close();
  }
}
