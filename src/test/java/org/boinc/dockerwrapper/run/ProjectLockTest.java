package org.boinc.dockerwrapper.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectLockTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path project;

  /** Another wrapper: says whether it has the lock, and leaves when its standard input ends. */
  static final class Holder {
    public static void main(String[] args) throws Exception {
      Optional<ProjectLock> lock = ProjectLock.acquire(Path.of(args[0]), SHORT);
      System.out.println(lock.isPresent() ? "locked" : "refused");
      System.out.flush();
      assertTrue(System.in.read() < 0);
    }
  }

  private Process other() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            project.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String answer(Process process) throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    return String.valueOf(reader.readLine());
  }

  @Test
  void anotherProcessWaitsNoLongerThanItsPatience() throws Exception {
    Process other = other();
    try {
      assertEquals("locked", answer(other));
      assertEquals(Optional.empty(), ProjectLock.acquire(project, SHORT));
    } finally {
      other.destroyForcibly().waitFor();
    }
    try (ProjectLock _ = ProjectLock.acquire(project, LONG).orElseThrow()) {
      assertTrue(Files.exists(project.resolve(ProjectLock.FILE)));
    }
  }

  @Test
  void anotherThreadThatGivesUpDoesNotLoseTheLockForTheFirst() throws Exception {
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      try (ProjectLock _ = ProjectLock.acquire(project)) {
        assertEquals(
            Optional.empty(),
            threads.submit(() -> ProjectLock.acquire(project, SHORT)).get(),
            "while the first holds it");
        Process other = other();
        assertEquals("refused", answer(other));
        other.destroyForcibly().waitFor();
      }
      Future<Boolean> next =
          threads.submit(
              () -> {
                try (ProjectLock lock = ProjectLock.acquire(project, LONG).orElseThrow()) {
                  return lock != null;
                }
              });
      assertTrue(next.get(), "after the first");
    }
  }

  @Test
  void aProjectThatIsGoneHasNoLock() {
    assertThrows(
        NoSuchFileException.class, () -> ProjectLock.acquire(project.resolve("gone"), SHORT));
  }
}
