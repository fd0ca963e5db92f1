package org.boinc.dockerwrapper.simulate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Everything that happened between client and wrapper, in order. Safe for several threads. */
public final class Timeline {
  /** What an entry is about. */
  public enum Kind {
    /** A wrapper process started or ended. */
    EPISODE,
    /** The client asked for something. */
    REQUEST,
    /** The wrapper reported its status; the text is the message itself. */
    STATUS,
    /** The wrapper reported a checkpoint. */
    CHECKPOINT,
    /** The wrapper told where its web graphics are. */
    GRAPHICS,
    /** The wrapper handed in a trickle-up message or a file to upload. */
    TRANSFER,
    /** Something else that a person wants to know. */
    NOTE
  }

  /**
   * One happening.
   *
   * @param at since the timeline began
   */
  public record Entry(Duration at, Kind kind, String text) {}

  private final long start = System.nanoTime();
  private final List<Entry> entries = new ArrayList<>();
  private final Consumer<Entry> listener;

  /** A timeline that shows each entry to a listener, one at a time. */
  public Timeline(Consumer<Entry> listener) {
    this.listener = listener;
  }

  /** All entries so far. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  synchronized void add(Kind kind, String text) {
    Entry entry = new Entry(elapsed(), kind, text);
    entries.add(entry);
    listener.accept(entry);
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
