package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A POSIX record lock, as BOINC's library takes it on Unix (lib/filesys.cpp). It is lost when the
 * process closes <em>any</em> descriptor of the file.
 */
record RecordLock(Path file, FileChannel channel, boolean isExclusive) implements LockHold {
  private static final int MAX_MARK = 4096;

  /** Empty: another process has it. */
  static Optional<LockHold> tryOnce(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Optional<LockHold> lock = Optional.empty();
    try {
      lock = tryLock(file, channel);
      return lock;
    } finally {
      if (lock.isEmpty()) {
        channel.close();
      }
    }
  }

  private static Optional<LockHold> tryLock(Path file, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (ClosedChannelException interrupted) {
      throw interrupted;
    } catch (IOException notSupported) {
      return Optional.of(new RecordLock(file, channel, false));
    }
    return lock != null && isStillTheFile(file, channel)
        ? Optional.of(new RecordLock(file, channel, true))
        : Optional.empty();
  }

  /**
   * The last holder may have deleted the file between our opening and our locking it; then we hold
   * a lock that nobody else will ever meet. Told by the size: looking at another descriptor would
   * lose the lock.
   */
  private static boolean isStillTheFile(Path file, FileChannel channel) throws IOException {
    int mark = ThreadLocalRandom.current().nextInt(1, MAX_MARK);
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(mark), 0);
    try {
      return Files.size(file) == mark;
    } catch (NoSuchFileException deleted) {
      return false;
    }
  }

  @Override
  public boolean isHeld() {
    return channel.isOpen();
  }

  @Override
  public void release() throws IOException {
    try {
      // While we hold it: afterwards it might be another's.
      Files.deleteIfExists(file);
    } finally {
      channel.close();
    }
  }
}
