package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StandardErrorTest {
  @TempDir Path slot;

  @Test
  void standardErrorIsAppendedToTheSlotsFile() throws IOException {
    Files.writeString(slot.resolve("stderr.txt"), "before\n");
    PrintStream real = System.err;
    try {
      StandardError.appendTo(slot);
      System.err.println("after: ä");
    } finally {
      System.setErr(real);
    }
    assertEquals(List.of("before", "after: ä"), Files.readAllLines(slot.resolve("stderr.txt")));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void c75WithoutStandardHandlesAllDiagnosticsAreInStderrTxt() throws Exception {
    Files.writeString(slot.resolve("job.toml"), "schema = 1\nnonsense = 1\n");
    Process process =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "exec \"$0\" \"$@\" <&- >&- 2>&-",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                absoluteClassPath(),
                DockerWrapper.class.getName())
            .directory(slot.toFile())
            .start();
    assertEquals(206, process.waitFor());
    String said = Files.readString(slot.resolve("stderr.txt"));
    assertTrue(said.contains("docker_wrapper " + Version.TEXT), said);
    assertTrue(said.contains("nonsense"), said);
  }

  private static String absoluteClassPath() {
    return OwnWrapper.command().get(OwnWrapper.command().indexOf("-cp") + 1);
  }
}
