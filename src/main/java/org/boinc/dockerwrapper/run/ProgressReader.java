package org.boinc.dockerwrapper.run;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fraction done, from what the job writes to its progress file or prints; never goes back,
 * never leaves 0 to 1.
 */
final class ProgressReader {
  /** A longer line is cut: a pattern is not run over a megabyte. */
  private static final int LONGEST_LINE = 4096;

  /** The longest that the patterns may take for one line. */
  private static final long MATCH_NANOS = 50_000_000;

  private final List<Pattern> patterns;
  private double fraction;

  ProgressReader(List<Pattern> patterns) {
    this.patterns = patterns;
  }

  synchronized OptionalDouble fraction() {
    return fraction > 0 ? OptionalDouble.of(fraction) : OptionalDouble.empty();
  }

  /** The content of the progress file; what is not a number in its last line is passed over. */
  void file(byte[] content) {
    String last =
        new String(content, StandardCharsets.UTF_8).lines().reduce("", (_, line) -> line).strip();
    try {
      advance(Double.parseDouble(last));
    } catch (NumberFormatException notANumber) {
      // Half-written or empty: the next reading will tell.
      return;
    }
  }

  /** One line of output. */
  void line(String text) {
    String line = text.length() > LONGEST_LINE ? text.substring(0, LONGEST_LINE) : text;
    CharSequence bounded = new ImpatientText(line, System.nanoTime() + MATCH_NANOS);
    patterns.forEach(pattern -> advance(match(pattern, bounded)));
  }

  /**
   * Not a number where the author's pattern fits this line badly: the job goes on without this
   * figure.
   */
  private static double match(Pattern pattern, CharSequence line) {
    try {
      Matcher matcher = pattern.matcher(line);
      return matcher.find() ? value(pattern, matcher) : Double.NaN;
    } catch (ImpatientText.TooSlow | NumberFormatException | StackOverflowError unusable) {
      // Java matches an alternative that repeats by recursion, one level for each repetition.
      return Double.NaN;
    }
  }

  private static double value(Pattern pattern, Matcher matcher) {
    double first = number(matcher.group(1));
    if (matcher.groupCount() >= 2) {
      return first / number(matcher.group(2));
    }
    boolean percent = first > 1 || pattern.pattern().contains("%");
    return percent ? first / 100 : first;
  }

  /** A group may be optional, and so match nothing. */
  private static double number(@Nullable String group) {
    return group == null ? Double.NaN : Double.parseDouble(group);
  }

  private synchronized void advance(double value) {
    if (Double.isFinite(value) && value > fraction) {
      fraction = Math.min(1, value);
    }
  }
}
