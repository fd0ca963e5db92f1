package org.boinc.dockerwrapper.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes Ctrl-C (or SIGTERM) an orderly end: asks the work to end, and keeps the JVM alive until
 * this guard is closed or {@value #PATIENCE_SECONDS} s have passed.
 */
final class InterruptGuard implements AutoCloseable {
  /** A client waits 60 s for a wrapper that was asked to quit, and again for one that aborts. */
  private static final long PATIENCE_SECONDS = 130;

  private final AtomicReference<Runnable> end = new AtomicReference<>(() -> {});
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted, "interrupt");

  InterruptGuard() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** What to do on Ctrl-C; it must return at once. */
  void onInterrupt(Runnable askToEnd) {
    end.set(askToEnd);
  }

  @Override
  public void close() {
    ended.countDown();
    if (!hook.isAlive()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException shutdownHasBegun) {
        hook.interrupt(); // it has nothing left to wait for
      }
    }
  }

  private void interrupted() {
    end.get().run();
    try {
      ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
