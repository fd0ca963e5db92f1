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
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The lock that keeps two wrappers out of one slot: a POSIX record lock on {@code boinc_lockfile},
 * as BOINC's library takes it (lib/filesys.cpp).
 *
 * <p>Such a lock is lost when the process closes <em>any</em> descriptor of the file. So nobody
 * else in this process may open it, and a slot that this process holds is not tried again.
 */
public final class SlotLock implements AutoCloseable {
  /** The file's name in the slot. */
  public static final String FILE = "boinc_lockfile";

  /**
   * How long to wait for a wrapper whose client died: it needs up to 10 s to notice. BOINC's
   * library waits as long.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(35);

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
  private static final int MAX_MARK = 4096;
  private static final Set<Path> HELD_BY_THIS_PROCESS = new HashSet<>();

  private final Path file;
  private final FileChannel channel;
  private final boolean exclusive;

  private SlotLock(Path file, FileChannel channel, boolean exclusive) {
    this.file = file;
    this.channel = channel;
    this.exclusive = exclusive;
  }

  /**
   * Tries about once a second until the lock is ours or the patience is at its end.
   *
   * @return empty: someone else works in this slot
   * @throws IOException if the file can't be made
   */
  public static Optional<SlotLock> acquire(Path slot, Duration patience)
      throws IOException, InterruptedException {
    Path file = slot.toRealPath().resolve(FILE);
    long start = System.nanoTime();
    while (true) {
      Optional<SlotLock> lock = tryOnce(file);
      long left = patience.toNanos() - (System.nanoTime() - start);
      if (lock.isPresent() || left <= 0) {
        return lock;
      }
      Thread.sleep(Duration.ofNanos(Math.min(left, BETWEEN_TRIES.toNanos())));
    }
  }

  /** False: this file system has no locks, which BOINC lets pass. */
  public boolean isExclusive() {
    return exclusive;
  }

  /**
   * Whether somebody, or this process, works in a slot. A wrapper that starts there in this moment
   * tries again a second later.
   */
  public static boolean isHeld(Path slot) throws IOException {
    synchronized (HELD_BY_THIS_PROCESS) {
      Path file = slot.toRealPath().resolve(FILE);
      if (HELD_BY_THIS_PROCESS.contains(file)) {
        return true;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
          FileLock free = channel.tryLock(0, Long.MAX_VALUE, true)) {
        return free == null;
      } catch (NoSuchFileException nobody) {
        return false;
      }
    }
  }

  private static Optional<SlotLock> tryOnce(Path file) throws IOException {
    synchronized (HELD_BY_THIS_PROCESS) {
      if (HELD_BY_THIS_PROCESS.contains(file)) {
        return Optional.empty();
      }
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      Optional<SlotLock> lock = Optional.empty();
      try {
        lock = tryLock(file, channel);
        if (lock.isPresent()) {
          HELD_BY_THIS_PROCESS.add(file);
        }
        return lock;
      } finally {
        if (lock.isEmpty()) {
          channel.close();
        }
      }
    }
  }

  private static Optional<SlotLock> tryLock(Path file, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (ClosedChannelException interrupted) {
      throw interrupted;
    } catch (IOException notSupported) {
      return Optional.of(new SlotLock(file, channel, false));
    }
    return lock != null && isStillTheFile(file, channel)
        ? Optional.of(new SlotLock(file, channel, true))
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

  /** Gives the slot free and deletes the file, as BOINC's library does. */
  @Override
  public void close() throws IOException {
    synchronized (HELD_BY_THIS_PROCESS) {
      if (!channel.isOpen()) {
        return;
      }
      try {
        // While we hold it: afterwards it might be another's.
        Files.deleteIfExists(file);
      } finally {
        HELD_BY_THIS_PROCESS.remove(file);
        channel.close();
      }
    }
  }
}
