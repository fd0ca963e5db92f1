package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.commons.io.output.CloseShieldOutputStream;

/**
 * A file that appears under its name only when it is complete and on the disk. Its name in between
 * is always the same, so a killed wrapper leaves at most one, and the next one takes it away.
 */
final class PartFile implements AutoCloseable {
  private static final String SUFFIX = ".boinc_part";

  private final Path destination;
  private final Path part;
  private final FileChannel channel;
  private boolean complete;

  /** An existing symbolic link of that name is replaced, never followed. */
  PartFile(Path destination) throws IOException {
    this.destination = destination;
    String name = String.valueOf(destination.getFileName());
    // shortened, because most file systems end a name at 255 bytes
    String start = name.substring(0, Math.min(name.length(), 50));
    this.part =
        destination.resolveSibling(
            "." + start + "." + Integer.toHexString(name.hashCode()) + SUFFIX);
    Files.deleteIfExists(part);
    this.channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Where to write; closing it changes nothing. */
  OutputStream out() {
    return CloseShieldOutputStream.wrap(Channels.newOutputStream(channel));
  }

  void complete() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(
        part, destination, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    complete = true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (!complete) {
      Files.deleteIfExists(part);
    }
  }
}
