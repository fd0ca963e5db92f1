package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * A process of its own that stands for the client, so that the client can die while the simulator
 * goes on watching.
 */
final class ClientProcess implements AutoCloseable {
  private static final String A_DAY = "86400"; // seconds

  private final Process process;

  ClientProcess() throws IOException {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    List<String> command =
        windows ? List.of("ping", "-n", A_DAY, "127.0.0.1") : List.of("sleep", A_DAY);
    process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  long pid() {
    return process.pid();
  }

  /** Kills it; returns when the operating system has forgotten it. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
