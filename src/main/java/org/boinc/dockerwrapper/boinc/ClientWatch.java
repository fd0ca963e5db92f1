package org.boinc.dockerwrapper.boinc;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Tells whether the client has gone, by BOINC's rules (api/boinc_api.cpp): if its process is known,
 * by looking for that every 10 s, whether or not heartbeats come; else by 30 s without a heartbeat.
 *
 * <p>Time is counted in the calls of {@link #clientGone}: what passes between two of them while the
 * host sleeps, or while this process is stopped, counts for a second at most.
 *
 * <p>For one thread.
 */
public final class ClientWatch {
  private static final Duration BETWEEN_PROBES = Duration.ofSeconds(10);
  private static final Duration WITHOUT_HEARTBEAT = Duration.ofSeconds(30);
  private static final Duration LONGEST_TICK = Duration.ofSeconds(1);

  private final long clientPid;
  private final LongPredicate processExists;
  private final LongSupplier parentPid;
  private final boolean clientVisible;
  private final boolean startedByClient;

  private Optional<Duration> lastTick = Optional.empty();
  private Duration sinceProbe = Duration.ZERO;
  private Duration sinceHeartbeat = Duration.ZERO;
  private boolean gone;

  /**
   * Starts to watch.
   *
   * @param clientPid 0: unknown
   * @param processExists whether there is a process of that number; one that it doesn't see at the
   *     start (another PID namespace, a hidden {@code /proc}) is watched by its heartbeats instead
   * @param parentPid this process's parent now; 0: unknown. If it is the client at the start and
   *     something else later, the client has died and its number may have been given to another
   *     process. If a launcher stands between, it says nothing.
   */
  public ClientWatch(long clientPid, LongPredicate processExists, LongSupplier parentPid) {
    this.clientPid = clientPid;
    this.processExists = processExists;
    this.parentPid = parentPid;
    this.clientVisible = clientPid != 0 && processExists.test(clientPid);
    this.startedByClient = clientPid != 0 && parentPid.getAsLong() == clientPid;
  }

  /** Watches a real process. */
  public static ClientWatch ofProcess(long clientPid) {
    return new ClientWatch(
        clientPid,
        ProcessProbe.of(clientPid),
        () -> ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L));
  }

  /** A heartbeat came that says {@link Heartbeat#alive}. */
  public void heartbeat() {
    sinceHeartbeat = Duration.ZERO;
  }

  /**
   * To be called about every half second.
   *
   * @param elapsed by a monotonic clock, since any moment before the first call
   * @return once true, always true
   */
  public boolean clientGone(Duration elapsed) {
    Duration tick = tick(elapsed);
    sinceProbe = sinceProbe.plus(tick);
    sinceHeartbeat = sinceHeartbeat.plus(tick);
    if (!gone) {
      boolean processKnown = clientVisible || startedByClient;
      gone = processKnown ? processGone() : sinceHeartbeat.compareTo(WITHOUT_HEARTBEAT) > 0;
    }
    return gone;
  }

  private Duration tick(Duration elapsed) {
    Duration tick = elapsed.minus(lastTick.orElse(elapsed));
    lastTick = Optional.of(elapsed);
    if (tick.isNegative()) {
      return Duration.ZERO;
    }
    return tick.compareTo(LONGEST_TICK) > 0 ? LONGEST_TICK : tick;
  }

  private boolean processGone() {
    if (sinceProbe.compareTo(BETWEEN_PROBES) < 0) {
      return false;
    }
    sinceProbe = Duration.ZERO;
    return (clientVisible && !processExists.test(clientPid))
        || (startedByClient && parentPid.getAsLong() != clientPid);
  }
}
