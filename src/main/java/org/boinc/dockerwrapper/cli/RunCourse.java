package org.boinc.dockerwrapper.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.simulate.Timeline;

/**
 * The course of a simulated run, as curves and spans; times in seconds since its beginning.
 *
 * @param length of the whole run
 * @param episodes when a wrapper ran
 * @param suspended when the client wanted the job to stand still
 * @param progress fraction done, 0 to 1
 * @param cpu CPU seconds
 * @param memory bytes in use
 * @param happenings all else that client and wrapper said, in order
 */
record RunCourse(
    double length,
    List<Span> episodes,
    List<Span> suspended,
    List<Point> progress,
    List<Point> cpu,
    List<Point> memory,
    List<Happening> happenings) {

  /** From when to when. */
  record Span(double from, double to) {}

  /** What was measured, and when. */
  record Point(double at, double value) {}

  /**
   * One happening.
   *
   * @param client whether it was the client's doing
   */
  record Happening(double at, boolean client, String text) {}

  static RunCourse of(List<Timeline.Entry> entries) {
    Reader reader = new Reader();
    entries.forEach(reader::take);
    return reader.end();
  }

  /** Takes one entry after the other. */
  private static final class Reader {
    private final List<Span> episodes = new ArrayList<>();
    private final List<Span> suspended = new ArrayList<>();
    private final List<Point> progress = new ArrayList<>();
    private final List<Point> cpu = new ArrayList<>();
    private final List<Point> memory = new ArrayList<>();
    private final List<Happening> happenings = new ArrayList<>();
    private Optional<Double> episode = Optional.empty();
    private Optional<Double> suspension = Optional.empty();
    private double now;

    void take(Timeline.Entry entry) {
      now = seconds(entry.at());
      switch (entry.kind()) {
        case STATUS -> status(AppStatus.parse(entry.text()));
        case EPISODE -> {
          episode();
          happened(false, entry.text());
        }
        case REQUEST -> {
          request(entry.text());
          happened(true, entry.text().replaceAll("[</>]", "").replace('_', ' '));
        }
        case GRAPHICS -> happened(false, "web graphics: " + entry.text());
        case CHECKPOINT, TRANSFER -> happened(false, entry.text());
        case NOTE -> happened(true, entry.text());
      }
    }

    private void happened(boolean client, String text) {
      happenings.add(new Happening(now, client, text));
    }

    /** Each episode has two entries, its start and its end. */
    private void episode() {
      if (episode.isEmpty()) {
        episode = Optional.of(now);
        return;
      }
      episodes.add(new Span(episode.get(), now));
      episode = Optional.empty();
      resumed();
    }

    private void request(String request) {
      if (request.equals(ClientRequest.SUSPEND.tag())) {
        suspension = suspension.or(() -> Optional.of(now));
      } else if (request.equals(ClientRequest.RESUME.tag())) {
        resumed();
      }
    }

    private void resumed() {
      suspension.ifPresent(since -> suspended.add(new Span(since, now)));
      suspension = Optional.empty();
    }

    /** As in the client: a report without a fraction, or with 0, leaves the last one standing. */
    private void status(AppStatus status) {
      cpu.add(new Point(now, status.currentCpuTime()));
      status.workingSet().ifPresent(bytes -> memory.add(new Point(now, bytes)));
      double last = progress.isEmpty() ? 0 : progress.getLast().value();
      double told = status.fractionDone().orElse(0);
      progress.add(new Point(now, told == 0 ? last : Math.clamp(told, 0, 1)));
    }

    RunCourse end() {
      episode.ifPresent(since -> episodes.add(new Span(since, now)));
      resumed();
      return new RunCourse(now, episodes, suspended, progress, cpu, memory, happenings);
    }

    private static double seconds(Duration at) {
      return at.toNanos() / 1e9;
    }
  }
}
