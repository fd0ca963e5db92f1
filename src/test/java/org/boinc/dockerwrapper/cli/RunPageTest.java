package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.boinc.dockerwrapper.cli.RunCourse.Point;
import org.boinc.dockerwrapper.cli.RunCourse.Span;
import org.boinc.dockerwrapper.simulate.Timeline.Entry;
import org.boinc.dockerwrapper.simulate.Timeline.Kind;
import org.boinc.dockerwrapper.simulate.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xml.sax.InputSource;

class RunPageTest {
  private static final String STATUS =
      "<current_cpu_time>%s</current_cpu_time><fraction_done>%s</fraction_done><wss>%s</wss>";

  private static Entry entry(int seconds, Kind kind, String text) {
    return new Entry(Duration.ofSeconds(seconds), kind, text);
  }

  /** Suspended once, restarted once. */
  private static List<Entry> run() {
    return List.of(
        entry(1, Kind.EPISODE, "episode 1: wrapper started"),
        entry(2, Kind.STATUS, STATUS.formatted(0.5, 0.1, 3 << 20)),
        entry(3, Kind.REQUEST, "<suspend/>"),
        entry(5, Kind.REQUEST, "<resume/>"),
        entry(6, Kind.STATUS, STATUS.formatted(1.5, 0, 5 << 20)),
        entry(7, Kind.REQUEST, "<suspend/>"),
        entry(8, Kind.EPISODE, "episode 1: said \"<b>no</b> & went\""),
        entry(9, Kind.EPISODE, "episode 2: wrapper started"),
        entry(10, Kind.EPISODE, "episode 2: completed"));
  }

  private static String page(List<Entry> entries) {
    Verdict verdict =
        new Verdict(
            false,
            false,
            List.of("output <out> is missing"),
            List.of(),
            List.of(),
            0,
            1.5,
            Duration.ofSeconds(10),
            2);
    return new RunPage("my<job>", entries, verdict).html();
  }

  @Test
  void aRunIsCurvesAndSpans() {
    RunCourse course = RunCourse.of(run());
    assertEquals(10, course.length());
    assertEquals(List.of(new Span(1, 8), new Span(9, 10)), course.episodes());
    assertEquals(List.of(new Span(3, 5), new Span(7, 8)), course.suspended());
    assertEquals(List.of(new Point(2, 0.5), new Point(6, 1.5)), course.cpu());
    assertEquals(
        List.of(new Point(2, 0.1), new Point(6, 0.1)),
        course.progress(),
        "as in the client, 0 leaves the last one standing");
    assertEquals(List.of(new Point(2, 3 << 20), new Point(6, 5 << 20)), course.memory());
    assertEquals("suspend", course.happenings().get(1).text());
  }

  @Test
  void aRunThatWasCutShortHasItsSpansToo() {
    RunCourse course = RunCourse.of(run().subList(0, 6));
    assertEquals(List.of(new Span(1, 7)), course.episodes());
    assertEquals(List.of(new Span(3, 5), new Span(7, 7)), course.suspended());
  }

  @Test
  void thePageIsWholeInItselfAndTrustsNoText() throws Exception {
    String page = page(run());
    assertTrue(page.contains("<h1>my&lt;job&gt;</h1>"), page);
    assertTrue(page.contains("&quot;&lt;b&gt;no&lt;/b&gt; &amp; went&quot;"), page);
    assertTrue(page.contains("output &lt;out&gt; is missing"), page);
    assertFalse(page.contains("<b>"), page);
    for (String elsewhere : List.of("<script", "http:", "https:", "src=", "href=", "url(")) {
      assertFalse(page.contains(elsewhere), elsewhere);
    }
    String svg = page.substring(page.indexOf("<svg"), page.indexOf("</svg>") + "</svg>".length());
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void aRunInWhichNothingWasMeasuredHasAPageToo() {
    String page = page(List.of());
    assertTrue(page.contains("none told"), page);
    assertFalse(page.contains("NaN"), page);
    assertFalse(page.contains("Infinity"), page);
  }

  @ParameterizedTest
  @CsvSource({"2.5, 60, 2.5 s", "60, 100, 60 s", "90, 600, 1:30 min", "5400, 86400, 1:30 h"})
  void timesAreAsLongAsTheRunNeeds(double seconds, double whole, String words) {
    assertEquals(words, RunChart.clock(seconds, whole));
  }
}
