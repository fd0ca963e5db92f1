package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.Conversation;
import org.boinc.dockerwrapper.engine.EngineException;

/**
 * Tells a command in a container of each change of its terminal's size, on a thread of its own. The
 * engine takes no size before the command has begun, so the first one is told until it is heard.
 */
final class TerminalSizes {
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
  private static final int TRIES = 100;

  private final Conversation conversation;
  private final Thread teller;
  private boolean changed;

  TerminalSizes(Conversation conversation) {
    this.conversation = conversation;
    this.teller = Thread.ofPlatform().daemon().name("terminal-size").start(this::tell);
  }

  /** It has another size, or its first. */
  synchronized void changed() {
    changed = true;
    notifyAll();
  }

  /** Nobody is interested any more. */
  void end() {
    teller.interrupt();
  }

  private synchronized void awaitChange() throws InterruptedException {
    while (!changed) {
      wait();
    }
    changed = false;
  }

  private void tell() {
    try {
      while (true) {
        awaitChange();
        Optional<RawTerminal.Size> size = RawTerminal.size();
        for (int left = TRIES; size.isPresent() && left > 0 && !told(size.get()); left--) {
          Thread.sleep(BETWEEN_TRIES);
        }
      }
    } catch (InterruptedException | IOException over) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean told(RawTerminal.Size size) {
    try {
      conversation.resize(size.rows(), size.columns());
      return true;
    } catch (EngineException notYet) {
      return false;
    }
  }
}
