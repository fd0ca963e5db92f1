package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.Kernel32.Opened;

/** What holds a slot's lock, as each system has it. */
interface LockHold {
  /** False: this file system has no locks, which BOINC lets pass. */
  boolean isExclusive();

  boolean isHeld();

  /** Lets go, and deletes the file. */
  void release() throws IOException;

  /**
   * A file that Windows gives to nobody else, not even to be deleted. It vanishes with the handle,
   * also when the process is killed.
   */
  final class Unshared implements LockHold {
    private final long handle;
    private boolean held = true;

    private Unshared(long handle) {
      this.handle = handle;
    }

    /** Opens a file alone. */
    @FunctionalInterface
    interface Opener {
      Opened open(String path) throws IOException;
    }

    /**
     * @return empty: another process has it open
     * @throws IOException where it can't be made, with the error of Windows
     */
    static Optional<LockHold> tryOnce(Path file, Opener opener) throws IOException {
      Opened opened = opener.open(file.toString());
      if (opened.succeeded()) {
        return Optional.of(new Unshared(opened.handle()));
      }
      if (opened.error() == Kernel32.ERROR_SHARING_VIOLATION) {
        return Optional.empty();
      }
      throw new IOException("%s can't be made: Windows' error %d".formatted(file, opened.error()));
    }

    @Override
    public boolean isExclusive() {
      return true;
    }

    @Override
    public boolean isHeld() {
      return held;
    }

    @Override
    public void release() throws IOException {
      held = false;
      Kernel32.close(handle);
    }
  }
}
