package org.boinc.dockerwrapper.engine;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Adds up what an image archive becomes on the engine's disk. An engine that has got it unpacks it
 * to the end, whoever hangs up: so it is looked into before.
 */
final class ArchiveMeter {
  /** Where a tar archive's header has its word. */
  private static final int MAGIC_AT = 257;

  private static final byte[] MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);

  private final String archive;
  private final long most;
  private long bytes;

  /**
   * @param archive its name, for people
   */
  ArchiveMeter(String archive, long most) {
    this.archive = archive;
    this.most = most;
  }

  /**
   * A file of the archive, which may be a layer: an archive itself, and compressed.
   *
   * @throws ArchiveRefusedException where it is too large, or compressed so that nobody can tell
   */
  void add(InputStream content) throws IOException {
    InputStream plain =
        ImageArchive.decompress(new BufferedInputStream(content))
            .orElseThrow(() -> unmeasured(archive));
    BufferedInputStream counted = new BufferedInputStream(new Counted(plain));
    if (isTar(counted)) {
      try {
        addSparse(new TarArchiveInputStream(counted));
      } catch (ArchiveRefusedException refused) {
        throw refused;
      } catch (IOException | IllegalArgumentException damaged) {
        throw unmeasured(archive);
      }
    }
    counted.transferTo(java.io.OutputStream.nullOutputStream());
  }

  static ArchiveRefusedException unmeasured(String archive) {
    return new ArchiveRefusedException(
        "image archive %s, or a layer in it, is damaged or compressed so that its size can't be told before; use gzip or none"
            .formatted(archive),
        false);
  }

  private static boolean isTar(BufferedInputStream in) throws IOException {
    int length = MAGIC_AT + MAGIC.length;
    in.mark(length);
    byte[] start = in.readNBytes(length);
    in.reset();
    return start.length == length
        && java.util.Arrays.equals(start, MAGIC_AT, length, MAGIC, 0, MAGIC.length);
  }

  /** Holes in a file, which take nothing in the archive, are written out. */
  private void addSparse(TarArchiveInputStream tar) throws IOException {
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (entry.isSparse()) {
        count(entry.getRealSize());
      }
    }
  }

  private void count(long more) throws ArchiveRefusedException {
    bytes += more;
    if (bytes > most || bytes < 0) {
      throw new ArchiveRefusedException(
          "image archive %s becomes larger than %d MiB, which is the job's limit of disk (rsc_disk_bound or resources.disk), or ten times its own size"
              .formatted(archive, most >> 20),
          true);
    }
  }

  /** Counts what is read or passed over. */
  private final class Counted extends FilterInputStream {
    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      count(Math.max(0, read));
      return read;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = super.skip(n);
      count(skipped);
      return skipped;
    }
  }
}
