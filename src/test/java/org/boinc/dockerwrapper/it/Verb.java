package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run of boinc-docker as a process of its own. */
record Verb(int status, String out, String err) {

  /** Starts it; its streams go to files beside {@code out}. */
  static Process start(Path out, Map<String, String> environment, Path input, String... words)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of(Path.of("scripts/boinc-docker").toAbsolutePath().toString()));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectOutput(out.toFile())
            .redirectError(Path.of(out + ".err").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  static Verb run(Path directory, String... words) throws IOException, InterruptedException {
    return run(directory, Map.of(), Path.of("/dev/null"), words);
  }

  /**
   * Runs it to its end.
   *
   * @param directory for files of the moment
   * @param input what it reads
   */
  static Verb run(Path directory, Map<String, String> environment, Path input, String... words)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "verb", "");
    int status = Job.statusOf(start(out, environment, input, words));
    return new Verb(status, Files.readString(out), Files.readString(Path.of(out + ".err")));
  }

  /** What it printed, where it ended as it should. */
  String ended(int expected) {
    assertEquals(expected, status, () -> err + out);
    return out;
  }
}
