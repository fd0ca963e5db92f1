package org.boinc.dockerwrapper.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.boinc.dockerwrapper.simulate.OutputCheck;
import org.boinc.dockerwrapper.simulate.Verdict;
import picocli.CommandLine.Help.Ansi;

/**
 * A verdict in words, or as JSON.
 *
 * @param stderr what the job's processes wrote for people
 */
record VerdictText(Verdict verdict, String stderr) {
  private static final int STDERR_LINES = 20;

  /** Several lines; with colours only on a terminal whose owner wants them (no-color.org). */
  String forPeople() {
    boolean colours = SimulationDisplay.isTerminal() && System.getenv("NO_COLOR") == null;
    return forPeople(colours ? Ansi.ON : Ansi.OFF);
  }

  String forPeople(Ansi ansi) {
    StringBuilder text = new StringBuilder();
    text.append(ansi.string(verdict.valid() ? "@|bold,green valid|@" : "@|bold,red not valid|@"));
    text.append(
        String.format(
            Locale.ROOT,
            ": %.1f s CPU, %.1f s elapsed, %s%n",
            verdict.cpuTime(),
            seconds(),
            verdict.episodes() == 1 ? "1 episode" : verdict.episodes() + " episodes"));
    if (verdict.uploads() > 0) {
      text.append("  outputs uploaded while the job ran: ").append(verdict.uploads()).append('\n');
    }
    verdict.reasons().forEach(reason -> text.append("  ").append(reason).append('\n'));
    verdict.outputs().stream()
        .filter(output -> output.problem().isEmpty())
        .forEach(output -> text.append("  ").append(found(output)).append('\n'));
    verdict.remarks().forEach(remark -> text.append("  remark: ").append(remark).append('\n'));
    if (!verdict.valid() && !stderr.isBlank()) {
      text.append("  the end of stderr.txt:\n");
      lastLines().forEach(line -> text.append("    ").append(line).append('\n'));
    }
    return text.toString().stripTrailing();
  }

  /** One object; sizes in bytes, times in seconds. */
  String json() {
    return "{\"valid\":%b,\"exit_status\":%d,\"cpu_time\":%s,\"elapsed_time\":%s,\"episodes\":%d,"
            .formatted(
                verdict.valid(),
                verdict.exitStatus(),
                verdict.cpuTime(),
                seconds(),
                verdict.episodes())
        + "\"uploads\":%d,\"reasons\":%s,\"remarks\":%s,\"outputs\":%s}"
            .formatted(
                verdict.uploads(),
                array(verdict.reasons(), VerdictText::quote),
                array(verdict.remarks(), VerdictText::quote),
                array(verdict.outputs(), VerdictText::output));
  }

  private static String found(OutputCheck output) {
    return output.nbytes().isPresent()
        ? "output %s: %d bytes".formatted(output.name(), output.nbytes().getAsLong())
        : "output %s: not there, and optional".formatted(output.name());
  }

  private static String output(OutputCheck output) {
    return "{\"name\":%s,\"nbytes\":%s,\"problem\":%s}"
        .formatted(
            quote(output.name()),
            output.nbytes().isPresent() ? Long.toString(output.nbytes().getAsLong()) : "null",
            output.problem().map(VerdictText::quote).orElse("null"));
  }

  private static <T> String array(List<T> items, Function<T, String> toJson) {
    return items.stream().map(toJson).collect(Collectors.joining(",", "[", "]"));
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private double seconds() {
    return verdict.elapsed().toMillis() / 1000.0;
  }

  private List<String> lastLines() {
    List<String> lines = stderr.lines().toList();
    return lines.subList(Math.max(0, lines.size() - STDERR_LINES), lines.size());
  }
}
