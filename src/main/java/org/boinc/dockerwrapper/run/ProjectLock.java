package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Held while an image is made or removed: several wrappers that want the same image build it once,
 * and none removes it under another. One lock a project, as engines also stumble over unrelated
 * builds and removals at the same time.
 */
public final class ProjectLock implements AutoCloseable {
  static final String FILE = "docker_wrapper.lock";

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);
  private static final Duration FOR_EVER = Duration.ofDays(365);

  /**
   * Such a lock is the process's, and lost when any of its threads closes the file: so within this
   * process only one opens it.
   */
  private static final Map<Path, Semaphore> IN_THIS_PROCESS = new ConcurrentHashMap<>();

  private final FileChannel channel;
  private final FileLock lock;
  private final Semaphore turn;

  private ProjectLock(FileChannel channel, FileLock lock, Semaphore turn) {
    this.channel = channel;
    this.lock = lock;
    this.turn = turn;
  }

  /**
   * Waits for the lock.
   *
   * @throws InterruptedException when cancelled
   */
  static ProjectLock acquire(Path projectDirectory) throws IOException, InterruptedException {
    return acquire(projectDirectory, FOR_EVER).orElseThrow();
  }

  /**
   * Waits for the lock, but not for long.
   *
   * @return empty: the patience is at its end
   * @throws IOException also where the directory is not there
   */
  public static Optional<ProjectLock> acquire(Path projectDirectory, Duration patience)
      throws IOException, InterruptedException {
    Path file = projectDirectory.toRealPath().resolve(FILE);
    long start = System.nanoTime();
    Semaphore turn = IN_THIS_PROCESS.computeIfAbsent(file, _ -> new Semaphore(1));
    if (!turn.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return Optional.empty();
    }
    boolean locked = false;
    FileChannel channel = null;
    try {
      channel = open(file);
      while (true) {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          locked = true;
          return Optional.of(new ProjectLock(channel, lock, turn));
        }
        if (System.nanoTime() - start >= patience.toNanos()) {
          return Optional.empty();
        }
        Thread.sleep(BETWEEN_TRIES);
      }
    } finally {
      if (!locked) {
        try {
          if (channel != null) {
            channel.close();
          }
        } finally {
          turn.release();
        }
      }
    }
  }

  /** A file that root makes, cleaning up by hand, would keep the client's own user out. */
  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.WRITE);
    } catch (NoSuchFileException first) {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      OwnerOfDirectory.give(file);
      return channel;
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      lock.release();
    } finally {
      turn.release();
    }
  }
}
