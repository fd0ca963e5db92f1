package org.boinc.dockerwrapper.cli;

import java.time.Duration;

/**
 * SIGTERM, SIGINT and SIGHUP as a request to quit. A JVM that is told to end by a signal runs its
 * hooks and then exits with 143, 130 or 129, which the client takes for a failed result: so the
 * hook asks the episode to end, and waits until the main thread halts the process with its own
 * status.
 */
final class Termination {
  /** The client gives 60 s. */
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  /** Nothing has been started yet, so nothing is left behind. */
  private volatile Runnable request = () -> Runtime.getRuntime().halt(0);

  private Termination() {}

  static Termination install() {
    Termination termination = new Termination();
    Runtime.getRuntime().addShutdownHook(new Thread(termination::asked, "terminate"));
    return termination;
  }

  /** What to do when the signal comes, from now on. */
  void ask(Runnable toEnd) {
    request = toEnd;
  }

  private void asked() {
    request.run();
    try {
      Thread.sleep(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }
}
