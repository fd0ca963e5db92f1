package org.boinc.dockerwrapper.clean;

/** What a slot says of who lives there. */
sealed interface Tenancy {
  /** The directory is not there. */
  record Gone() implements Tenancy {}

  /** The client has emptied it. */
  record Vacant() implements Tenancy {}

  /**
   * A job lives there.
   *
   * @param project name of the project's directory; empty: not known
   * @param workunit empty: not known
   */
  record Taken(String project, String result, String workunit) implements Tenancy {}

  /** A wrapper works there for none of those whose things were found. */
  record Busy() implements Tenancy {}

  /**
   * It can't be read.
   *
   * @param why one sentence
   */
  record Unreadable(String why) implements Tenancy {}
}
