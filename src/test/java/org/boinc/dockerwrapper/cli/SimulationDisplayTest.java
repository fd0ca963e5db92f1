package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.simulate.Timeline;
import org.boinc.dockerwrapper.simulate.Timeline.Kind;
import org.boinc.dockerwrapper.simulate.Verdict;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class SimulationDisplayTest {
  private final StringWriter out = new StringWriter();

  private static Timeline.Entry status(double fraction) {
    AppStatus status =
        new AppStatus(
            10, 0, OptionalDouble.of(fraction), OptionalLong.empty(), false, OptionalInt.empty());
    return new Timeline.Entry(Duration.ofSeconds(2), Kind.STATUS, status.toMessage());
  }

  @Test
  void withoutTerminalOnlyChangesArePrintedAsLines() {
    SimulationDisplay display = new SimulationDisplay(new PrintWriter(out), false);
    display.show(status(0.25));
    display.show(status(0.2501));
    display.show(status(0.5));
    display.show(status(0));
    display.end();
    assertEquals(
        List.of("    2.0 s  25 %  10.0 s CPU", "    2.0 s  50 %  10.0 s CPU"),
        out.toString().lines().toList());
  }

  @Test
  void onTerminalBarStaysBelowTheLines() {
    SimulationDisplay display = new SimulationDisplay(new PrintWriter(out), true);
    display.show(status(0.5));
    display.show(new Timeline.Entry(Duration.ofSeconds(3), Kind.NOTE, "network suspended"));
    String bar = "[###############...............]  50 %  10.0 s CPU";
    assertTrue(out.toString().contains("\r    3.0 s  network suspended\n" + bar), out::toString);
    display.end();
    assertTrue(out.toString().endsWith(" \r"), out::toString);
  }

  @Test
  void jsonEscapesWhatJobsWrite() {
    Verdict verdict =
        new Verdict(
            false, false, List.of("a \"b\"\\\n"), List.of(), List.of(), 0, 0, Duration.ZERO, 1);
    assertTrue(
        new VerdictText(verdict, "").json().contains("\"reasons\":[\"a \\\"b\\\"\\\\\\u000a\"]"));
  }

  @Test
  void verdictWithoutColoursIsPlainText() {
    Verdict verdict =
        new Verdict(
            false, false, List.of("why"), List.of("by the way"), List.of(), 3, 1, Duration.ZERO, 2);
    assertEquals(
        """
        not valid: 1.0 s CPU, 0.0 s elapsed, 2 episodes
          outputs uploaded while the job ran: 3
          why
          remark: by the way
          the end of stderr.txt:
            oops""",
        new VerdictText(verdict, "oops\n").forPeople(Ansi.OFF));
    assertTrue(new VerdictText(verdict, "").json().contains("\"uploads\":3,"));
  }
}
