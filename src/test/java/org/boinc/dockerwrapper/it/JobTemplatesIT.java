package org.boinc.dockerwrapper.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every directory of job-templates is a job that runs; {@code boinc-docker init} writes the same
 * files.
 */
@Timeout(300)
class JobTemplatesIT {
  @TempDir Path directory;

  @BeforeAll
  static void engineAnswers() throws Exception {
    TestEngine.locate();
  }

  static Stream<Path> directories() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("job-templates"))) {
      return files
          .filter(directory -> Files.exists(directory.resolve("version.xml")))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("directories")
  void aTemplateRunsUnderTheSimulatedClient(Path job) throws Exception {
    Simulated.run(job, directory.resolve("log")).assertValid();
  }
}
