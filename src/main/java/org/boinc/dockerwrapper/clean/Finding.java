package org.boinc.dockerwrapper.clean;

import java.util.List;

/**
 * One thing of this client on the engine, and what becomes of it.
 *
 * @param id the engine's
 * @param names by which it is removed; none: by its ID
 * @param project name of the project's directory; empty: not known
 * @param bytes size of an image with what it shares with others; 0 for other things
 * @param why one clause
 */
public record Finding(
    Kind kind, String id, List<String> names, String project, long bytes, Fate fate, String why) {
  /** What it is. */
  public enum Kind {
    CONTAINER,
    NETWORK,
    IMAGE
  }

  /** What becomes of it. */
  public enum Fate {
    GOES,
    STAYS,
    /** Stays, because something could not be read. */
    IN_DOUBT
  }

  /** What people call it. */
  public String title() {
    return names.isEmpty() ? id.replaceFirst("^sha256:", "").substring(0, 12) : names.getFirst();
  }

  boolean isSameAs(Finding other) {
    return kind == other.kind && id.equals(other.id);
  }

  Finding but(Fate otherFate, String otherWhy) {
    return new Finding(kind, id, names, project, bytes, otherFate, otherWhy);
  }
}
