package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.simulate.EpisodeEnd.TemporaryExit;

/**
 * What the client looks at when a wrapper process is gone, and what it concludes. The files are
 * read here on purpose, not by the wrapper's own classes: a fault in those should show.
 *
 * <p>The JDK shows a death by signal n as status 128 + n, so status 143 is ambiguous: it is taken
 * for a status, because that is what a JVM that gets SIGTERM really exits with, and the client
 * fails such a result. Only 137 counts as a kill, which no process can choose by itself as easily.
 *
 * @param pending QUIT or ABORT, if the client had sent it
 * @param clientDied whether the client was dead by then
 * @param killedBy why the simulator killed the process, if it did
 * @param status the exit status
 * @param finishStatus the first line of the finish file, if there is one
 * @param temporaryExit the temporary-exit file, if there is a valid one
 */
record ExitFacts(
    Optional<ClientRequest> pending,
    boolean clientDied,
    Optional<String> killedBy,
    int status,
    Optional<String> finishStatus,
    Optional<TemporaryExit> temporaryExit) {

  private static final int SIGKILLED = 128 + 9;
  private static final int MAX_DELAY = 86_400;
  private static final int DEFAULT_DELAY = 300;

  /** Reads the slot's part of the facts. */
  static ExitFacts read(
      Path slot,
      Optional<ClientRequest> pending,
      boolean clientDied,
      Optional<String> killedBy,
      int status)
      throws IOException {
    return new ExitFacts(
        pending,
        clientDied,
        killedBy,
        status,
        lines(slot.resolve(FinishFile.NAME)).map(lines -> lines.isEmpty() ? "" : lines.getFirst()),
        lines(slot.resolve(org.boinc.dockerwrapper.boinc.TemporaryExit.NAME))
            .flatMap(ExitFacts::temporaryExit));
  }

  EpisodeEnd decide() {
    boolean killed = killedBy.isPresent();
    if (clientDied) {
      // The next client takes a finish file that it finds at its start for an exit with 0.
      return finishStatus.filter("0"::equals).isPresent()
          ? new EpisodeEnd.Completed()
          : new EpisodeEnd.ClientDied(status);
    }
    if (pending.isPresent()) {
      return pending.get() == ClientRequest.ABORT
          ? new EpisodeEnd.Aborted(killed, status)
          : new EpisodeEnd.Quit(killed, status);
    }
    if (killed || status == SIGKILLED) {
      return new EpisodeEnd.Killed(killedBy.orElse("somebody sent SIGKILL"));
    }
    if (temporaryExit.isPresent()) {
      return temporaryExit.get();
    }
    if (status != 0) {
      return new EpisodeEnd.ComputeError(status);
    }
    return finishStatus.isPresent() ? new EpisodeEnd.Completed() : new EpisodeEnd.PrematureExit();
  }

  /** As the client reads the file: without a second line it counts for nothing. */
  static Optional<TemporaryExit> temporaryExit(List<String> lines) {
    if (lines.size() < 2) {
      return Optional.empty();
    }
    int delay;
    try {
      delay = Integer.parseInt(lines.getFirst().strip());
    } catch (NumberFormatException notANumber) {
      delay = -1;
    }
    boolean notice = lines.size() > 2 && lines.get(2).contains("notice");
    return Optional.of(
        new TemporaryExit(
            delay < 0 || delay > MAX_DELAY ? DEFAULT_DELAY : delay, lines.get(1), notice));
  }

  private static Optional<List<String>> lines(Path file) throws IOException {
    return Files.exists(file) ? Optional.of(Files.readAllLines(file)) : Optional.empty();
  }
}
