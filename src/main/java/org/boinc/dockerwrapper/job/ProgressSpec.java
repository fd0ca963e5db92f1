package org.boinc.dockerwrapper.job;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The table {@code [progress]}: how the fraction done is found.
 *
 * @param file slot path (container path in copy mode) of a file whose last line is the fraction
 *     done
 * @param patterns matched against the output: two groups are done and total, one group is a
 *     percentage or a fraction
 * @param stallTimeout no output and no progress for this long is a hung job; zero: never
 */
public record ProgressSpec(
    String file, List<Pattern> patterns, Source source, Duration stallTimeout) {
  /** Which stream the patterns read. */
  public enum Source {
    STDOUT,
    STDERR,
    BOTH
  }
}
