package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.AtomicFile;
import org.boinc.dockerwrapper.job.PolicyReader;
import org.boinc.dockerwrapper.job.PolicyText;
import org.boinc.dockerwrapper.job.PolicyText.Item;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.job.VolunteerPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The docker_policy.toml that a verb is about. */
final class PolicyPlace {
  @Option(
      names = "--data-dir",
      paramLabel = "DATA",
      description = "BOINC data directory (default: /var/lib/boinc-client or the like).")
  private @Nullable Path dataDirectory;

  /** Where the file is, or would be. */
  Path file(CommandLine command) {
    Optional<Path> data = DataDirectory.of(dataDirectory);
    return data.filter(Files::isDirectory)
        .orElseThrow(
            () ->
                new ParameterException(
                    command,
                    data.map(named -> "--data-dir: %s is not a directory".formatted(named))
                        .orElse(
                            "no BOINC data directory is at the usual places; name it with --data-dir")))
        .resolve(VolunteerPolicy.FILE);
  }

  /** Its text; empty where there is none. */
  static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException none) {
      return "";
    }
  }

  /**
   * Writes a changed text, if it says what it should.
   *
   * @return empty: done; else why not, one sentence
   */
  static Optional<String> change(
      Path file, String changed, String project, List<Item> items, boolean allowed)
      throws IOException {
    List<Problem> problems =
        PolicyReader.read(changed.getBytes(StandardCharsets.UTF_8), file.toString()).problems();
    if (!problems.isEmpty()) {
      return problems.stream().map(Problem::toString).findFirst();
    }
    for (Item item : items) {
      if (PolicyText.agrees(changed, project, item) != allowed) {
        return Optional.of(
            "%s: %s of %s can't be changed where it stands; change it with an editor"
                .formatted(file, item.key(), project));
      }
    }
    AtomicFile.write(file, changed);
    return Optional.empty();
  }
}
