package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.ClientRequest;

/**
 * Holds each suspend back until it has lasted longer than a pulse of the client's CPU throttle: the
 * client does not say why it suspends (runtime reference 6.1). For one thread, but for {@link
 * #pulse}.
 */
final class SuspendFilter {
  private volatile Duration pulse = Duration.ZERO;
  private Optional<Duration> held = Optional.empty();
  private boolean passedOn;

  /** How long a suspend is held back; zero: not at all. */
  void pulse(Duration length) {
    pulse = length;
  }

  /** What is to be done of what was just heard, and of what was held back. */
  List<ClientRequest> due(Set<ClientRequest> heard, Duration now) {
    if (heard.isEmpty() && held.isEmpty()) {
      return List.of();
    }
    List<ClientRequest> due = new ArrayList<>();
    for (ClientRequest request : heard) {
      switch (request) {
        case SUSPEND -> held = held.or(() -> Optional.of(now));
        case RESUME -> {
          if (held.isEmpty() || passedOn) {
            due.add(request);
          }
          held = Optional.empty();
          passedOn = false;
        }
        case QUIT, ABORT, REREAD_APP_INFO -> due.add(request);
      }
    }
    if (held.isPresent() && now.minus(held.get()).compareTo(pulse) >= 0) {
      held = Optional.empty();
      passedOn = true;
      due.add(ClientRequest.SUSPEND);
    }
    return due;
  }
}
