package org.boinc.dockerwrapper.boinc;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The lock that keeps two wrappers out of one slot, on {@code boinc_lockfile}, as BOINC's library
 * takes it (lib/filesys.cpp): a record lock on Unix, a file opened alone on Windows.
 *
 * <p>Closing any descriptor of the file would lose it on Unix. So nobody else in this process may
 * open it, and a slot that this process holds is not tried again.
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
  private static final Set<Path> HELD_BY_THIS_PROCESS = new HashSet<>();

  private final Path file;
  private final LockHold hold;

  private SlotLock(Path file, LockHold hold) {
    this.file = file;
    this.hold = hold;
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
    return hold.isExclusive();
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
      } catch (FileSystemException closed) {
        // On Windows a file that is opened alone can't be opened by anybody else.
        if (File.separatorChar == '\\') {
          return true;
        }
        throw closed;
      }
    }
  }

  private static Optional<SlotLock> tryOnce(Path file) throws IOException {
    synchronized (HELD_BY_THIS_PROCESS) {
      if (HELD_BY_THIS_PROCESS.contains(file)) {
        return Optional.empty();
      }
      Optional<LockHold> hold =
          File.separatorChar == '\\'
              ? LockHold.Unshared.tryOnce(file, Kernel32::openAlone)
              : RecordLock.tryOnce(file);
      hold.ifPresent(_ -> HELD_BY_THIS_PROCESS.add(file));
      return hold.map(held -> new SlotLock(file, held));
    }
  }

  /** Gives the slot free and deletes the file, as BOINC's library does. */
  @Override
  public void close() throws IOException {
    synchronized (HELD_BY_THIS_PROCESS) {
      if (hold.isHeld()) {
        HELD_BY_THIS_PROCESS.remove(file);
        hold.release();
      }
    }
  }
}
