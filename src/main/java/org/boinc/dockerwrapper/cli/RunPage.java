package org.boinc.dockerwrapper.cli;

import java.util.List;
import java.util.Locale;
import org.boinc.dockerwrapper.cli.RunCourse.Happening;
import org.boinc.dockerwrapper.simulate.Timeline;
import org.boinc.dockerwrapper.simulate.Verdict;

/**
 * A simulated run as one HTML page: no script, nothing from elsewhere, light or dark as the reader
 * has it.
 *
 * @param title what was run
 */
record RunPage(String title, List<Timeline.Entry> entries, Verdict verdict) {
  private static final String STYLE =
      """
      :root { --back: #ffffff; --text: #1f2328; --faint: #59636e; --grid: #d1d9e0;
        --progress: #0969da; --cpu: #bc4c00; --memory: #1a7f37; --client: #8250df;
        --wrapper: #59636e; --suspended: #fff1b8; --off: #e6eaef; --good: #1a7f37; --bad: #cf222e; }
      @media (prefers-color-scheme: dark) {
        :root { --back: #0d1117; --text: #f0f6fc; --faint: #9198a1; --grid: #30363d;
          --progress: #58a6ff; --cpu: #f0883e; --memory: #3fb950; --client: #bc8cff;
          --wrapper: #9198a1; --suspended: #4a3a0a; --off: #21262d; --good: #3fb950; --bad: #ff7b72; } }
      body { background: var(--back); color: var(--text); margin: 0 auto; max-width: 1040px;
        padding: 24px 20px; font: 15px/1.5 system-ui, sans-serif; }
      h1 { font-size: 22px; margin: 0; overflow-wrap: anywhere; }
      p { margin: 4px 0 20px; }
      .good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; }
      svg { display: block; width: 100%; height: auto; }
      svg text { fill: var(--faint); font: 12px system-ui, sans-serif; }
      svg .name { fill: var(--text); font-weight: 600; paint-order: stroke; stroke: var(--back);
        stroke-width: 4px; stroke-linejoin: round; }
      svg line { stroke: var(--grid); stroke-width: 1; }
      svg line.client, svg line.wrapper { stroke-dasharray: 2 3; }
      svg line.client { stroke: var(--client); } svg line.wrapper { stroke: var(--wrapper); }
      svg polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
      svg .progress { stroke: var(--progress); } svg .cpu { stroke: var(--cpu); }
      svg .memory { stroke: var(--memory); }
      svg .episode { fill: var(--wrapper); } svg .suspended { fill: var(--suspended); }
      svg .off { fill: var(--off); }
      svg .mark circle { fill: var(--back); stroke-width: 1.5; }
      svg .client.mark circle { stroke: var(--client); }
      svg .wrapper.mark circle { stroke: var(--wrapper); }
      svg .mark text { fill: var(--text); font-size: 10px; }
      .legend span { margin-right: 18px; white-space: nowrap; }
      .legend i { display: inline-block; width: 12px; height: 12px; margin-right: 6px;
        border: 1px solid var(--grid); vertical-align: -1px; }
      .legend .m { border-radius: 50%; border-width: 2px; width: 10px; height: 10px; }
      table { border-collapse: collapse; width: 100%; }
      th, td { border-top: 1px solid var(--grid); padding: 4px 12px 4px 0; text-align: left;
        vertical-align: top; overflow-wrap: anywhere; }
      th { border: 0; color: var(--faint); font-weight: 600; }
      .n { text-align: right; white-space: nowrap; width: 1%; font-variant-numeric: tabular-nums; }
      .who { white-space: nowrap; width: 1%; }
      """;

  String html() {
    RunCourse course = RunCourse.of(entries);
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>%1$s</title>
        <style>
        %2$s</style>
        </head>
        <body>
        <h1>%1$s</h1>
        %3$s%4$s%5$s%6$s</body>
        </html>
        """
        .formatted(escaped(title), STYLE, judged(), RunChart.of(course), legend(), table(course));
  }

  private String judged() {
    String word =
        verdict.valid()
            ? "<span class=\"good\">valid</span>"
            : "<span class=\"bad\">not valid</span>";
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "<p>%s: %.1f s of CPU time in %.1f s, %s",
                word,
                verdict.cpuTime(),
                verdict.elapsed().toMillis() / 1000.0,
                verdict.episodes() == 1 ? "1 episode" : verdict.episodes() + " episodes"));
    verdict.reasons().forEach(reason -> text.append("<br>").append(escaped(reason)));
    return text.append("</p>\n").toString();
  }

  private static String legend() {
    return """
        <p class="legend"><span><i class="m" style="border-color: var(--client)"></i>client</span>
        <span><i class="m" style="border-color: var(--wrapper)"></i>wrapper</span>
        <span><i style="background: var(--suspended)"></i>suspended</span>
        <span><i style="background: var(--off)"></i>no wrapper runs</span></p>
        """;
  }

  private static String table(RunCourse course) {
    StringBuilder rows =
        new StringBuilder(
            "<table>\n<tr><th class=\"n\"></th><th class=\"n\">Time</th><th class=\"who\">Who</th><th>What</th></tr>\n");
    int number = 0;
    for (Happening happening : course.happenings()) {
      number++;
      rows.append(
          String.format(
              Locale.ROOT,
              "<tr><td class=\"n\">%d</td><td class=\"n\">%.1f s</td><td class=\"who\">%s</td><td>%s</td></tr>%n",
              number,
              happening.at(),
              happening.client() ? "client" : "wrapper",
              escaped(happening.text())));
    }
    return rows.append("</table>\n").toString();
  }

  /** A job may have had a hand in the text. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
