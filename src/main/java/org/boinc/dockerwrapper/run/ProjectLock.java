package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Held while an image is made or removed: several wrappers that want the same image build it once,
 * and none removes it under another. One lock a project, as engines also stumble over unrelated
 * builds and removals at the same time.
 */
final class ProjectLock implements AutoCloseable {
  static final String FILE = "docker_wrapper.lock";

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

  private final FileChannel channel;
  private final FileLock lock;

  private ProjectLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Waits for the lock.
   *
   * @throws InterruptedException when cancelled
   */
  static ProjectLock acquire(Path projectDirectory) throws IOException, InterruptedException {
    FileChannel channel =
        FileChannel.open(
            projectDirectory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      while (true) {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return new ProjectLock(channel, lock);
        }
        Thread.sleep(BETWEEN_TRIES);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      lock.release();
    }
  }
}
