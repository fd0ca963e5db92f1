package org.boinc.dockerwrapper.boinc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotLockTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  @TempDir Path slot;

  /** Another wrapper: says whether it has the lock, and leaves when its standard input ends. */
  static final class Holder {
    public static void main(String[] args) throws Exception {
      Optional<SlotLock> lock = SlotLock.acquire(Path.of(args[0]), Duration.parse(args[1]));
      System.out.println(lock.isPresent() ? "locked" : "refused");
      if (lock.isPresent() && System.in.read() == 'c') {
        lock.get().close();
      }
    }
  }

  private Process other(Duration patience) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            slot.toString(),
            patience.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String answer(Process process) throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    return String.valueOf(reader.readLine());
  }

  @Test
  void whetherASlotIsHeldCanBeAskedWithoutTakingIt() throws Exception {
    assertFalse(SlotLock.isHeld(slot), "there is no lock file");
    Process other = other(SHORT);
    try {
      assertEquals("locked", answer(other));
      assertTrue(SlotLock.isHeld(slot));
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertFalse(SlotLock.isHeld(slot), "a killed holder leaves its file");
    try (SlotLock ours = SlotLock.acquire(slot, SHORT).orElseThrow()) {
      assertTrue(SlotLock.isHeld(slot));
      Process second = other(SHORT);
      assertEquals("refused", answer(second), "we still hold it after asking");
      second.waitFor();
      assertTrue(ours.isExclusive());
    }
  }

  @Test
  void c25ASecondProcessIsKeptOutUntilTheFirstEnds() throws Exception {
    Process first = other(SHORT);
    try {
      assertEquals("locked", answer(first));
      assertEquals(Optional.empty(), SlotLock.acquire(slot, SHORT));

      first.destroyForcibly().waitFor();
      try (SlotLock lock = SlotLock.acquire(slot, SHORT).orElseThrow()) {
        assertTrue(lock.isExclusive());
        assertEquals(Optional.empty(), SlotLock.acquire(slot, SHORT), "in the same process");
        Process second = other(SHORT);
        assertEquals("refused", answer(second), "the failed try must not have lost the lock");
        assertEquals(0, second.waitFor());
      }
      assertFalse(Files.exists(slot.resolve("boinc_lockfile")));
    } finally {
      first.destroyForcibly();
    }
  }

  @Test
  void whoWaitsGetsTheLockOfOneWhoLeaves() throws Exception {
    Process leaving = other(SHORT);
    try {
      assertEquals("locked", answer(leaving));
      leaving.getOutputStream().write('c');
      leaving.getOutputStream().close();
      try (SlotLock lock = SlotLock.acquire(slot, SlotLock.PATIENCE).orElseThrow()) {
        assertTrue(Files.exists(slot.resolve("boinc_lockfile")), "the file that is locked");
        assertTrue(lock.isExclusive());
      }
    } finally {
      leaving.destroyForcibly();
    }
  }

  @Test
  void aLockCanBeTakenAgainAfterItWasGivenBack() throws Exception {
    SlotLock lock = SlotLock.acquire(slot, Duration.ZERO).orElseThrow();
    lock.close();
    lock.close();
    SlotLock.acquire(slot, Duration.ZERO).orElseThrow().close();
  }

  @Test
  void anInterruptedTryIsNotALock() throws Exception {
    Thread.currentThread().interrupt();
    assertThrows(ClosedByInterruptException.class, () -> SlotLock.acquire(slot, Duration.ZERO));
    assertTrue(Thread.interrupted());
    SlotLock.acquire(slot, Duration.ZERO).orElseThrow().close();
  }
}
