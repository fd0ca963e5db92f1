package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.boinc.dockerwrapper.cli.BoincDocker;

/**
 * One run of {@code boinc-docker simulate}, in a process of its own as people start it.
 *
 * @param status -1: it took too long
 * @param said both of its streams
 */
record Simulated(int status, String said) {

  /**
   * Runs a job's directory.
   *
   * @param log where its output goes meanwhile
   */
  static Simulated run(Path job, Path log, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BoincDocker.class.getName(),
                "simulate"));
    command.addAll(List.of(options));
    command.add(job.toString());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      int status = process.waitFor(4, TimeUnit.MINUTES) ? process.exitValue() : -1;
      return new Simulated(status, Files.readString(log));
    } finally {
      process.destroy();
    }
  }

  /** In one go, and with the outputs that its directory expects. */
  void assertValid() {
    assertEquals(0, status, said);
    assertTrue(said.contains("\nvalid: "), said);
    assertTrue(said.contains("1 episode\n"), said);
  }
}
