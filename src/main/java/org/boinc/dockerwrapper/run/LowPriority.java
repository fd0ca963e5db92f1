package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.engine.Containers;

/** Keeps the job's processes at the lowest priority while they run. For one thread. */
final class LowPriority {
  private final Containers containers;
  private final String container;
  private final Consumer<String> trouble;
  private boolean wanted;

  /**
   * For one container.
   *
   * @param wanted false where the volunteer wants priorities left alone
   * @param trouble what people should know, once
   */
  LowPriority(Containers containers, String container, boolean wanted, Consumer<String> trouble) {
    this.containers = containers;
    this.container = container;
    this.wanted = wanted;
    this.trouble = trouble;
  }

  /**
   * Lowers what is not low. What the job starts later inherits it, but not from what was missed.
   *
   * @param pid of the container's first process; 0: not known yet
   */
  void keep(long pid) throws InterruptedException {
    if (!wanted) {
      return;
    }
    try {
      Optional<String> refused = containers.lowerPriority(container, pid);
      if (refused.isPresent()) {
        wanted = false;
        trouble.accept(
            "the job does not run at the lowest priority (%s); a client before 8.2.5 may take it for another program and suspend it"
                .formatted(refused.get()));
      }
    } catch (IOException ended) {
      // The wait tells of the container's end.
    }
  }
}
