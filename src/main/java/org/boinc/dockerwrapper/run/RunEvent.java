package org.boinc.dockerwrapper.run;

import org.boinc.dockerwrapper.boinc.ClientRequest;

/** Everything that can happen to an episode. */
public sealed interface RunEvent {
  /** The client asked through shared memory. */
  record Asked(ClientRequest request) implements RunEvent {}

  /** The client's process is gone, or its heartbeats. */
  record ClientGone() implements RunEvent {}

  /** SIGTERM, SIGINT or SIGHUP. */
  record Terminated() implements RunEvent {}

  /**
   * The client's heartbeat says whether the network may be used; before the first one it may not.
   */
  record NetworkNews(boolean allowed) implements RunEvent {}

  /** What a quit will mean: the container's end, as the job makes checkpoints, or a pause. */
  record EndOnQuit(boolean value) implements RunEvent {}

  /** A step is done. */
  record Done(Step step) implements RunEvent {}

  /** A step failed. */
  record Failed(Step step, Failure failure) implements RunEvent {}

  /** LOOK is done, or START. */
  record Sighted(Sighting sighting) implements RunEvent {}

  /** COPY_OUT is done. */
  record Collected(Outcome outcome) implements RunEvent {}

  /** The container ended or the connection that waits for that did: time to look. */
  record WatchEnded() implements RunEvent {}

  /** The running job is beyond a limit that the wrapper watches. */
  record OverLimit(LimitKind limit, String sentence) implements RunEvent {}

  /** About a second passed. */
  record Tick() implements RunEvent {}
}
