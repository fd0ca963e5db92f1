package org.boinc.dockerwrapper.clean;

import java.util.Set;

/** A project's directory. */
sealed interface ProjectState {
  /** The client has left the project. */
  record Gone() implements ProjectState {}

  /**
   * It is there.
   *
   * @param files names of what it holds
   */
  record There(Set<String> files) implements ProjectState {}

  /**
   * It can't be read.
   *
   * @param why one sentence
   */
  record Unreadable(String why) implements ProjectState {}
}
