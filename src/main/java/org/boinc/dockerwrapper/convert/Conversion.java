package org.boinc.dockerwrapper.convert;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.job.JobOverrides;
import org.boinc.dockerwrapper.job.JobReader;
import org.boinc.dockerwrapper.job.Problem;

/**
 * What came out.
 *
 * @param from the format
 * @param toml a job.toml without errors
 * @param notes what could not be carried over, one sentence each
 */
public record Conversion(String from, String toml, List<String> notes) {
  /** Each round takes out one value that a host would refuse. */
  private static final int MOST_ROUNDS = 100;

  /** The formats that can be named, for help and messages. */
  public static String formats() {
    return Formats.names();
  }

  /**
   * Converts a text.
   *
   * @param format its name; empty: what the text looks like
   */
  public static Conversion of(String text, Optional<String> format) throws NotConvertible {
    Format source = format.isPresent() ? Formats.named(format.get()) : Formats.of(text);
    JobDraft draft = new JobDraft();
    source.convert(text, draft);
    for (int round = 0; round < MOST_ROUNDS; round++) {
      String toml = draft.text(source.title());
      Optional<Problem> error = error(toml);
      if (error.isEmpty()) {
        return new Conversion(source.name(), toml, draft.notes());
      }
      if (!draft.drop(error.get().key(), error.get().what())) {
        throw new NotConvertible("no valid job.toml can be made of it: " + error.get());
      }
    }
    throw new NotConvertible("too much of it would be refused");
  }

  private static Optional<Problem> error(String toml) {
    return JobReader.read(
            toml.getBytes(StandardCharsets.UTF_8),
            "job.toml",
            _ -> Optional.empty(),
            JobOverrides.NONE)
        .problems()
        .stream()
        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
        .findFirst();
  }
}
