package org.boinc.dockerwrapper.run;

import org.boinc.dockerwrapper.run.JobState.Link;

/** What looking for our container found. */
public sealed interface Sighting {
  /** No container. */
  record Absent() implements Sighting {}

  /** Created, never started. */
  record Created() implements Sighting {}

  /** Its processes run. */
  record Running(Link link) implements Sighting {}

  /** Its processes are frozen. */
  record Paused(Link link) implements Sighting {}

  /** Its processes have ended by themselves. */
  record Exited(PayloadExit exit) implements Sighting {}

  /**
   * Its processes were killed while nobody watched, as a reboot or a restart of the engine does;
   * the work since the last checkpoint is lost and the container is to be started again.
   */
  record Killed(String why) implements Sighting {}
}
