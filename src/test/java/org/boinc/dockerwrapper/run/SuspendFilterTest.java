package org.boinc.dockerwrapper.run;

import static org.boinc.dockerwrapper.boinc.ClientRequest.ABORT;
import static org.boinc.dockerwrapper.boinc.ClientRequest.QUIT;
import static org.boinc.dockerwrapper.boinc.ClientRequest.RESUME;
import static org.boinc.dockerwrapper.boinc.ClientRequest.SUSPEND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.junit.jupiter.api.Test;

/** Suspends that are meant, and the client's CPU throttle. */
class SuspendFilterTest {
  private final SuspendFilter filter = new SuspendFilter();
  private long millis;

  private List<ClientRequest> at(long when, ClientRequest... heard) {
    millis = when;
    return filter.due(Set.of(heard), Duration.ofMillis(millis));
  }

  @Test
  void withoutAThrottleEverythingIsPassedOnAtOnce() {
    assertEquals(List.of(SUSPEND), at(0, SUSPEND));
    assertEquals(List.of(RESUME), at(100, RESUME));
    assertEquals(List.of(QUIT), at(200, QUIT));
  }

  @Test
  void pulsesAreSwallowed() {
    filter.pulse(Duration.ofSeconds(2));
    List<ClientRequest> passed = new ArrayList<>();
    for (int second = 0; second < 60; second += 2) {
      passed.addAll(at(second * 1000L, SUSPEND));
      passed.addAll(at(second * 1000L + 1000, RESUME));
    }
    assertEquals(List.of(), passed);
  }

  @Test
  void aSuspendThatLastsIsPassedOnWithItsResume() {
    filter.pulse(Duration.ofSeconds(2));
    assertEquals(List.of(), at(0, SUSPEND));
    assertEquals(List.of(), at(1900));
    assertEquals(List.of(SUSPEND), at(2000));
    assertEquals(List.of(), at(9000));
    assertEquals(List.of(RESUME), at(10_000, RESUME));
  }

  /** The client repeats a suspend that it is not sure of. */
  @Test
  void aResumeAfterARepeatedSuspendIsNotSwallowed() {
    filter.pulse(Duration.ofSeconds(2));
    at(0, SUSPEND);
    assertEquals(List.of(SUSPEND), at(2000));
    assertEquals(List.of(), at(3000, SUSPEND));
    assertEquals(List.of(RESUME), at(3500, RESUME));
    assertEquals(List.of(), at(9000));
  }

  @Test
  void whoeverWantsTheJobToLeaveNeedNotWait() {
    filter.pulse(Duration.ofSeconds(2));
    assertEquals(List.of(), at(0, SUSPEND));
    assertEquals(List.of(QUIT), at(100, QUIT));
    assertEquals(List.of(ABORT), at(200, ABORT));
  }

  @Test
  void aResumeOfWhatAnEarlierEpisodePausedIsPassedOn() {
    filter.pulse(Duration.ofSeconds(2));
    assertEquals(List.of(RESUME), at(0, RESUME));
  }
}
