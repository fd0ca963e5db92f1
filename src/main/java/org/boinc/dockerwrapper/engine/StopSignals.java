package org.boinc.dockerwrapper.engine;

import java.time.Duration;
import java.util.Optional;

/** Suspends a container that its engine can't freeze: by the stop signal to all its processes. */
final class StopSignals {
  /** A process that waits for a disk stops when it has its answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private StopSignals() {}

  /**
   * Stops all processes.
   *
   * @param what is tried, for the message
   * @param refused what the engine said, where its container's processes are not on this host
   * @throws EngineException CONFLICT if it is paused already or does not run
   */
  static void stop(String what, ContainerSighting seen, EngineException refused)
      throws EngineException {
    if (seen.state() != ContainerState.RUNNING) {
      throw EngineException.of(Fault.CONFLICT, what, "it is " + seen.state());
    }
    try {
      if (!of(seen).orElseThrow(() -> refused).stop(PATIENCE)) {
        throw EngineException.of(
            Fault.TIMEOUT,
            what,
            "some of its processes did not stop within %d s".formatted(PATIENCE.toSeconds()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EngineException.of(Fault.CANCELLED, what, "the thread was interrupted");
    }
  }

  /**
   * Lets all processes go on.
   *
   * @param refused what the engine said, where they are not stopped
   */
  static void go(ContainerSighting seen, EngineException refused) throws EngineException {
    of(seen).filter(ContainerProcesses::stopped).orElseThrow(() -> refused).go();
  }

  /** One whose processes are all stopped is paused, though the engine doesn't know. */
  static ContainerSighting see(ContainerSighting told) {
    return told.state() == ContainerState.RUNNING
            && ContainerProcesses.mayBeStopped(told.pid())
            && isStopped(told.id(), told.pid())
        ? told.in(ContainerState.PAUSED)
        : told;
  }

  static boolean isStopped(String id, long pid) {
    return ContainerProcesses.of(id, pid).filter(ContainerProcesses::stopped).isPresent();
  }

  private static Optional<ContainerProcesses> of(ContainerSighting seen) {
    return ContainerProcesses.of(seen.id(), seen.pid());
  }
}
