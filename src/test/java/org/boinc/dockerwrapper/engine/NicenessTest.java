package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NicenessTest {
  private final List<Process> started = new ArrayList<>();

  @TempDir Path fake;

  private long start(String... words) throws IOException {
    Process process = new ProcessBuilder(words).start();
    started.add(process);
    return process.pid();
  }

  @AfterEach
  void kill() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  private static int nice(long pid) throws IOException, InterruptedException {
    Process asked =
        new ProcessBuilder("ps", "-o", "ni=", "-p", Long.toString(pid))
            .redirectErrorStream(true)
            .start();
    String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, asked.waitFor(), said);
    return Integer.parseInt(said.strip());
  }

  @Test
  void allProcessesGetTheLowestPriority() throws Exception {
    List<Long> pids = List.of(start("sleep", "60"), start("nice", "-n", "3", "sleep", "60"));
    assertEquals(Optional.empty(), Niceness.OF_HOST.lower(() -> pids));
    for (long pid : pids) {
      assertEquals(19, nice(pid));
    }
  }

  @Test
  void aProcessThatIsGoneIsNoTrouble() throws Exception {
    long lives = start("sleep", "60");
    long gone = start("true");
    started.getLast().waitFor();
    assertEquals(Optional.empty(), Niceness.OF_HOST.lower(() -> List.of(gone, lives)));
    assertEquals(19, nice(lives));
  }

  @Test
  void aProcessThatCanNotBeLoweredIsTold() throws Exception {
    long pid = start("true");
    started.getLast().waitFor();
    Path thread = fake.resolve(pid + "/task/" + pid);
    Files.createDirectories(thread);
    Files.writeString(
        thread.resolve("stat"), pid + " (a) b) S 1 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 5\n");
    Optional<String> trouble = new Niceness(fake).lower(() -> List.of(pid));
    assertEquals(true, trouble.orElse("").contains("" + pid), trouble::toString);
  }
}
