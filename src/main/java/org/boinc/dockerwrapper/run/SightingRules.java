package org.boinc.dockerwrapper.run;

import java.util.Set;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.run.JobState.Link;

/** What the engine's word for a container's state means for the job. */
final class SightingRules {
  /** SIGKILL and SIGTERM: what an engine sends its containers when it is stopped. */
  private static final Set<Integer> KILLED = Set.of(137, 143);

  /** SIGKILL's. A job that came to its end by itself has another status. */
  private static final int KILL = 137;

  /**
   * What Docker writes for a container that it lost in a power failure; also a job's own exit(-1).
   */
  private static final int LOST = 255;

  /** After that many the job itself is to blame. */
  private static final int MOST_UNWATCHED_DEATHS = 3;

  private SightingRules() {}

  /**
   * Reads one sighting.
   *
   * @param watched we were connected to the engine when the container ended
   * @param rebooted the host's boot is not the one in which the container was started
   * @param parked a checkpoint was made and the container killed, or about to be
   * @param deaths unwatched deaths so far
   * @param networked the job has a network, which the client may suspend
   */
  static Sighting read(
      ContainerSighting seen,
      boolean watched,
      boolean rebooted,
      boolean parked,
      int deaths,
      boolean networked) {
    return switch (seen.state()) {
      case CREATED -> new Sighting.Created();
      case RUNNING, RESTARTING -> new Sighting.Running(link(seen, networked));
      case PAUSED -> new Sighting.Paused(link(seen, networked));
      case REMOVING, DEAD -> new Sighting.Absent();
      case EXITED ->
          parked && wasKilled(seen)
              ? new Sighting.Killed("the container was ended by a quit, after a checkpoint")
              : exited(seen, watched, rebooted, deaths);
    };
  }

  private static Link link(ContainerSighting seen, boolean networked) {
    if (!networked) {
      return Link.NONE;
    }
    return seen.networks().isEmpty() ? Link.DOWN : Link.UP;
  }

  /** Ended by SIGKILL and, as far as the engine has heard, not for want of memory. */
  static boolean wasKilled(ContainerSighting ended) {
    return ended.exitCode() == KILL && !ended.oomKilled();
  }

  private static Sighting exited(
      ContainerSighting seen, boolean watched, boolean rebooted, int deaths) {
    boolean lost = rebooted && seen.exitCode() == LOST;
    boolean killed = (lost || KILLED.contains(seen.exitCode())) && !seen.oomKilled();
    if (killed && !watched && deaths < MOST_UNWATCHED_DEATHS) {
      return new Sighting.Killed(
          (rebooted
                  ? "the host was restarted while the container ran (status %d)"
                  : "the container was killed while nobody watched, as by a restart of the engine (status %d)")
              .formatted(seen.exitCode()));
    }
    return new Sighting.Exited(new PayloadExit(seen.exitCode(), seen.oomKilled()));
  }
}
