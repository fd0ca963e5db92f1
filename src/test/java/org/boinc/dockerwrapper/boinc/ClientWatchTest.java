package org.boinc.dockerwrapper.boinc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientWatchTest {
  private static final long CLIENT = 4711;
  private static final Duration TICK = Duration.ofMillis(100);

  private boolean alive = true;
  private long parent = 1;
  private Duration now = Duration.ofHours(5);

  private ClientWatch watch(long clientPid) {
    return new ClientWatch(clientPid, pid -> alive && pid == CLIENT, () -> parent);
  }

  /** Lets time pass in ticks; when the client was first seen to be gone, or the whole time. */
  private Duration untilGone(ClientWatch watch, Duration most) {
    Duration start = now;
    while (now.minus(start).compareTo(most) < 0) {
      if (watch.clientGone(now)) {
        return now.minus(start);
      }
      now = now.plus(TICK);
    }
    return now.minus(start);
  }

  private static void assertBetween(int least, int most, Duration actual) {
    assertTrue(
        actual.compareTo(Duration.ofSeconds(least)) >= 0
            && actual.compareTo(Duration.ofSeconds(most)) <= 0,
        actual::toString);
  }

  @Test
  void c19ALivingClientNeedsNoHeartbeats() {
    assertEquals(Duration.ofHours(1), untilGone(watch(CLIENT), Duration.ofHours(1)));
  }

  @Test
  void c20AClientWhoseProcessEndsIsNoticedWithinFifteenSeconds() {
    ClientWatch watch = watch(CLIENT);
    untilGone(watch, Duration.ofSeconds(27));
    alive = false;
    assertBetween(0, 15, untilGone(watch, Duration.ofMinutes(2)));
    alive = true;
    assertTrue(watch.clientGone(now.plus(TICK)), "once gone, always gone");
  }

  @Test
  void c21WithoutAProcessTheHeartbeatsCount() {
    ClientWatch watch = watch(0);
    watch.heartbeat();
    assertBetween(30, 40, untilGone(watch, Duration.ofMinutes(2)));
  }

  @Test
  void c21HeartbeatsEveryTwentySecondsAreEnough() {
    ClientWatch watch = watch(0);
    for (int i = 0; i < 100; i++) {
      assertEquals(Duration.ofSeconds(20), untilGone(watch, Duration.ofSeconds(20)));
      watch.heartbeat();
    }
  }

  @Test
  void c62AGapWhileTheHostSleepsIsNotTheClientsSilence() {
    ClientWatch watch = watch(0);
    untilGone(watch, Duration.ofSeconds(20));
    now = now.plusMinutes(5);
    assertFalse(watch.clientGone(now));
    assertBetween(8, 11, untilGone(watch, Duration.ofMinutes(2)));
  }

  @Test
  void c62AClockThatJumpsBackDoesNoHarm() {
    ClientWatch watch = watch(0);
    untilGone(watch, Duration.ofSeconds(20));
    now = now.minusHours(1);
    assertBetween(9, 11, untilGone(watch, Duration.ofMinutes(2)));
  }

  @Test
  void aChangedParentGivesAwayAClientWhoseNumberWasReused() {
    parent = CLIENT;
    ClientWatch watch = watch(CLIENT);
    assertEquals(Duration.ofMinutes(1), untilGone(watch, Duration.ofMinutes(1)));
    parent = 1;
    assertBetween(0, 15, untilGone(watch, Duration.ofMinutes(2)));
  }

  @Test
  void aLauncherThatEndsIsNotTheClient() {
    parent = 815;
    ClientWatch watch = watch(CLIENT);
    parent = 1;
    assertEquals(Duration.ofMinutes(5), untilGone(watch, Duration.ofMinutes(5)));
  }

  @Test
  void aClientThatCannotBeSeenIsWatchedByItsHeartbeats() {
    alive = false;
    ClientWatch watch = watch(CLIENT);
    untilGone(watch, Duration.ofSeconds(25));
    watch.heartbeat();
    assertBetween(30, 40, untilGone(watch, Duration.ofMinutes(2)));
  }

  @Test
  void aRealProcessIsSeenToEnd() throws Exception {
    Process client = new ProcessBuilder("cat").redirectInput(ProcessBuilder.Redirect.PIPE).start();
    ClientWatch watch = ClientWatch.ofProcess(client.pid());
    assertEquals(Duration.ofSeconds(30), untilGone(watch, Duration.ofSeconds(30)));
    client.destroyForcibly();
    client.waitFor();
    assertBetween(0, 15, untilGone(watch, Duration.ofMinutes(2)));
  }

  @Test
  void theParentOfThisProcessIsFound() {
    long pid = ProcessHandle.current().parent().orElseThrow().pid();
    assertEquals(
        Duration.ofMinutes(1), untilGone(ClientWatch.ofProcess(pid), Duration.ofMinutes(1)));
  }
}
