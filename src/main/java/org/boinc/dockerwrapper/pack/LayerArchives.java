package org.boinc.dockerwrapper.pack;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * One tar archive in several files, cut between entries. Each is compressed by itself where the
 * name ends in {@code gz}, so that they make the archive one after the other also as they are.
 */
final class LayerArchives implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path last;
  private final List<Path> files = new ArrayList<>();
  private final Current current = new Current();
  private final TarArchiveOutputStream tar;

  /** Where the archive's bytes go at present. */
  private static final class Current extends OutputStream {
    private OutputStream file = OutputStream.nullOutputStream();
    private long bytes;

    void open(Path path) throws IOException {
      OutputStream raw = new BufferedOutputStream(Files.newOutputStream(path), BUFFER);
      file = path.toString().endsWith("gz") ? new GZIPOutputStream(raw, BUFFER) : raw;
      bytes = 0;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int start, int count) throws IOException {
      file.write(from, start, count);
      bytes += count;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  LayerArchives(Path last) throws IOException {
    this.last = last;
    this.tar = new TarArchiveOutputStream(current, TarConstants.DEFAULT_RCDSIZE);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    open();
  }

  /** What is in the present file, without compression. */
  long bytes() {
    return current.bytes;
  }

  void nextFile() throws IOException {
    current.close();
    open();
  }

  /** Which one is the last is known at the end, so it gets its name there. */
  private void open() throws IOException {
    Path file = last.resolveSibling(numbered(files.size() + 1));
    files.add(file);
    current.open(file);
  }

  /** {@code image.tar.gz} is in {@code image-1.tar.gz} and so on. */
  private String numbered(int number) {
    String name = last.getFileName().toString();
    int dot = name.indexOf('.', 1);
    return dot < 0
        ? name + "-" + number
        : name.substring(0, dot) + "-" + number + name.substring(dot);
  }

  void add(String name, byte[] content) throws IOException {
    add(name, content.length, new ByteArrayInputStream(content));
  }

  void add(String name, long size, InputStream content) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setModTime(0);
    tar.putArchiveEntry(entry);
    content.transferTo(tar);
    tar.closeArchiveEntry();
  }

  /** Ends the archive; gives its files. */
  List<Path> finish() throws IOException {
    tar.close();
    Files.move(files.removeLast(), last, StandardCopyOption.REPLACE_EXISTING);
    files.add(last);
    return List.copyOf(files);
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
