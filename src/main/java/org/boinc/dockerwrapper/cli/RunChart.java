package org.boinc.dockerwrapper.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.boinc.dockerwrapper.cli.RunCourse.Happening;
import org.boinc.dockerwrapper.cli.RunCourse.Point;
import org.boinc.dockerwrapper.cli.RunCourse.Span;

/** A run's course as SVG: happenings with numbers, then one panel below the other. */
final class RunChart {
  private static final double WIDTH = 960;
  private static final double LEFT = 76;
  private static final double RIGHT = 20;
  private static final double PANEL = 96;
  private static final double GAP = 30;
  private static final double MARK = 20;
  private static final double LANE = 16;
  private static final int MOST_TICKS = 10;
  private static final double[] STEPS = {
    0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200,
    86400
  };

  private final RunCourse course;
  private final double length;
  private final StringBuilder svg = new StringBuilder();
  private double top;

  private RunChart(RunCourse course) {
    this.course = course;
    this.length = Math.max(course.length(), 1);
  }

  /** The element, without colours: those are the page's. */
  static String of(RunCourse course) {
    RunChart chart = new RunChart(course);
    chart.draw();
    return String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"Course of the run\">%n",
            WIDTH,
            chart.top)
        + chart.svg
        + "</svg>\n";
  }

  private void draw() {
    int rows = marks();
    double begin = rows * MARK + 4;
    double bottom = begin + LANE + GAP + 3 * (PANEL + GAP) - GAP;
    top = begin;
    spans("off", gaps(), begin, bottom);
    spans("suspended", course.suspended(), begin, bottom);
    lines(begin, bottom);
    lane();
    panel("Progress", "progress", course.progress(), 1, RunChart::percent);
    panel("CPU time", "cpu", course.cpu(), 1, RunChart::seconds);
    panel("Memory", "memory", course.memory(), 1 << 20, RunChart::megabytes);
    times(bottom);
  }

  /** The numbers, in as many rows as they need not to cover each other. */
  private int marks() {
    List<Double> ends = new ArrayList<>();
    int number = 0;
    for (Happening happening : course.happenings()) {
      double x = x(happening.at());
      int row = 0;
      while (row < ends.size() && ends.get(row) > x - MARK) {
        row++;
      }
      if (row == ends.size()) {
        ends.add(x);
      } else {
        ends.set(row, x);
      }
      number++;
      mark(happening, number, x, row * MARK + 10);
    }
    return ends.size();
  }

  private void mark(Happening happening, int number, double x, double y) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<g class=\"%s mark\"><title>%s</title><circle cx=\"%.1f\" cy=\"%.1f\" r=\"9\"/>%n",
            happening.client() ? "client" : "wrapper",
            RunPage.escaped(happening.text()),
            x,
            y));
    text("", "middle", x, y + 3.5, String.valueOf(number));
    svg.append("</g>\n");
  }

  private void lines(double begin, double bottom) {
    for (Happening happening : course.happenings()) {
      double x = x(happening.at());
      line(happening.client() ? "client" : "wrapper", x, begin, x, bottom);
    }
  }

  /** When no wrapper ran. */
  private List<Span> gaps() {
    List<Span> gaps = new ArrayList<>();
    for (int i = 1; i < course.episodes().size(); i++) {
      gaps.add(new Span(course.episodes().get(i - 1).to(), course.episodes().get(i).from()));
    }
    return gaps;
  }

  private void spans(String kind, List<Span> spans, double begin, double bottom) {
    for (Span span : spans) {
      double from = x(span.from());
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>%n",
              kind,
              from,
              begin,
              Math.max(1, x(span.to()) - from),
              bottom - begin));
    }
  }

  private void lane() {
    text("", "end", LEFT - 8, top + LANE / 2 + 4, "Wrapper");
    spans("episode", course.episodes(), top, top + LANE);
    top += LANE + GAP;
  }

  private void panel(
      String name, String kind, List<Point> points, double unit, DoubleFunction<String> words) {
    double most = points.stream().mapToDouble(Point::value).max().orElse(0);
    double full = kind.equals("progress") ? 1 : round(Math.max(most, unit) / unit) * unit;
    text("name", "start", LEFT, top - 8, name);
    for (int i = 0; i <= 2; i++) {
      double y = top + PANEL - PANEL * i / 2;
      line("grid", LEFT, y, WIDTH - RIGHT, y);
      if (!points.isEmpty()) {
        text("", "end", LEFT - 8, y + 4, words.apply(full * i / 2));
      }
    }
    if (points.isEmpty()) {
      text("", "end", LEFT - 8, top + PANEL / 2 + 4, "none told");
    }
    svg.append("<polyline class=\"").append(kind).append("\" points=\"");
    for (Point point : points) {
      double y = top + PANEL - PANEL * point.value() / full;
      svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.at()), y));
    }
    svg.append("\"/>\n");
    top += PANEL + GAP;
  }

  private void times(double bottom) {
    double step = STEPS[STEPS.length - 1];
    for (int i = STEPS.length - 1; i >= 0 && length / STEPS[i] <= MOST_TICKS; i--) {
      step = STEPS[i];
    }
    for (int i = 0; i * step <= length; i++) {
      double x = x(i * step);
      line("tick", x, bottom, x, bottom + 5);
      text("", "middle", x, bottom + 19, clock(i * step, length));
    }
    top = bottom + 26;
  }

  private void text(String kind, String anchor, double x, double y, String words) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
            kind,
            x,
            y,
            anchor,
            words));
  }

  private void line(String kind, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
            kind,
            x1,
            y1,
            x2,
            y2));
  }

  private double x(double seconds) {
    return LEFT + (WIDTH - LEFT - RIGHT) * seconds / length;
  }

  /**
   * 1, 2, 4, 5, 6, 8 or 10 times a power of ten, not below the value, so that half of it is short.
   */
  private static double round(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double factor : new double[] {1, 2, 4, 5, 6, 8}) {
      if (factor * power >= value) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static String percent(double fraction) {
    return "%.0f %%".formatted(fraction * 100);
  }

  private static String seconds(double seconds) {
    return seconds < 10 && seconds != Math.rint(seconds)
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : "%.0f s".formatted(seconds);
  }

  private static String megabytes(double bytes) {
    double megabytes = bytes / (1 << 20);
    return megabytes < 10 && megabytes != Math.rint(megabytes)
        ? String.format(Locale.ROOT, "%.1f MiB", megabytes)
        : "%.0f MiB".formatted(megabytes);
  }

  /** Seconds in a short run, else minutes and seconds, or hours and minutes. */
  static String clock(double seconds, double whole) {
    if (whole <= 120) {
      return seconds(seconds);
    }
    long full = Math.round(seconds);
    return whole < 7200
        ? "%d:%02d min".formatted(full / 60, full % 60)
        : "%d:%02d h".formatted(full / 3600, full / 60 % 60);
  }
}
