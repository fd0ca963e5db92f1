package org.boinc.dockerwrapper.boinc;

import java.io.File;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.boinc.dockerwrapper.boinc.Kernel32.Opened;

/** Whether a process is there, asked as each system answers it. */
final class ProcessProbe {
  private ProcessProbe() {}

  /** Opens a process by its number, on Windows. */
  @FunctionalInterface
  interface Opener {
    Opened open(long pid) throws IOException;
  }

  /** For one process, from now on. */
  static LongPredicate of(long pid) {
    // The handle also knows when the process began: another one of the same number is not it.
    Optional<ProcessHandle> process = pid == 0 ? Optional.empty() : ProcessHandle.of(pid);
    if (process.isEmpty() && File.separatorChar == '\\') {
      return number -> existsOnWindows(number, Kernel32::openProcess);
    }
    return _ -> process.isPresent() && process.get().isAlive();
  }

  /**
   * A process that only denies us access is alive: the client may run as another user (BOINC
   * lib/proc_control.cpp).
   */
  static boolean existsOnWindows(long pid, Opener opener) {
    try {
      Opened process = opener.open(pid);
      if (process.succeeded()) {
        Kernel32.close(process.handle());
      }
      return process.succeeded() || process.error() == Kernel32.ERROR_ACCESS_DENIED;
    } catch (IOException cannotAsk) {
      // Nobody can tell, and giving up a job that goes well is worse than going on.
      return true;
    }
  }
}
