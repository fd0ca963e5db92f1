package org.boinc.dockerwrapper.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.simulate.Timeline;

/**
 * Shows a simulation while it runs: a bar on a terminal, elsewhere one line per change. Called by
 * several threads.
 */
final class SimulationDisplay {
  private static final int BAR_WIDTH = 30;

  private final PrintWriter out;
  private final boolean terminal;
  private String bar = "";
  private double fraction;
  private long percentShown = -1;

  SimulationDisplay(PrintWriter out) {
    this(out, isTerminal());
  }

  SimulationDisplay(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Whether a person looks at what is printed. */
  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again without a terminal
  static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  synchronized void show(Timeline.Entry entry) {
    switch (entry.kind()) {
      case STATUS -> status(entry, AppStatus.parse(entry.text()));
      case REQUEST -> line(entry, "client: " + entry.text());
      case GRAPHICS -> line(entry, "web graphics: " + entry.text());
      case EPISODE, CHECKPOINT, TRANSFER, NOTE -> line(entry, entry.text());
    }
    out.flush();
  }

  /** Removes the bar. */
  synchronized void end() {
    erase();
    bar = "";
    out.flush();
  }

  private void status(Timeline.Entry entry, AppStatus status) {
    // As in the client: a report without a fraction, or with 0, leaves the last one standing.
    double reported = status.fractionDone().orElse(0);
    fraction = reported == 0 ? fraction : Math.clamp(reported, 0, 1);
    long percent = Math.round(fraction * 100);
    String words =
        String.format(Locale.ROOT, "%3d %%  %.1f s CPU", percent, status.currentCpuTime())
            + (status.wantNetwork() ? "  waits for the network" : "");
    if (terminal) {
      int filled = (int) Math.round(fraction * BAR_WIDTH);
      erase();
      bar = "[" + "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled) + "] " + words;
      out.print(bar);
    } else if (percent != percentShown) {
      percentShown = percent;
      line(entry, words.strip());
    }
  }

  private void line(Timeline.Entry entry, String text) {
    erase();
    out.println(String.format(Locale.ROOT, "%7.1f s  %s", entry.at().toMillis() / 1000.0, text));
    if (terminal) {
      out.print(bar);
    }
  }

  private void erase() {
    if (terminal) {
      out.print("\r" + " ".repeat(bar.length()) + "\r");
    }
  }
}
