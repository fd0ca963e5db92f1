package org.boinc.dockerwrapper.engine;

import java.io.IOException;
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
    ContainerProcesses processes = of(seen).orElseThrow(() -> refused);
    signal(
        what,
        () -> {
          if (!processes.stop(PATIENCE)) {
            throw EngineException.of(
                Fault.TIMEOUT,
                what,
                "some of its processes did not stop within %d s".formatted(PATIENCE.toSeconds()));
          }
        });
  }

  /**
   * Lets all processes go on.
   *
   * @param refused what the engine said, where none is stopped
   */
  static void go(String what, ContainerSighting seen, EngineException refused)
      throws EngineException {
    ContainerProcesses processes =
        of(seen).filter(ContainerProcesses::partlyStopped).orElseThrow(() -> refused);
    signal(what, processes::go);
  }

  /** Something that sends signals. */
  private interface Signalling {
    void run() throws EngineException, IOException, InterruptedException;
  }

  private static void signal(String what, Signalling signalling) throws EngineException {
    try {
      signalling.run();
    } catch (IOException e) {
      throw EngineException.of(
          Fault.REFUSED, what, "its processes can't be signalled: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EngineException.of(Fault.CANCELLED, what, "the thread was interrupted");
    }
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
