package org.boinc.dockerwrapper.simulate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.boinc.dockerwrapper.boinc.Channel;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.jspecify.annotations.Nullable;

/**
 * The client's queue of requests before the one-message mailbox (BOINC client/app_control.cpp): a
 * suspend behind a queued resume cancels it, and the other way round.
 */
final class ControlQueue {
  private final Channel channel;
  private final Deque<ClientRequest> queued = new ArrayDeque<>();
  private long blockedSince;

  ControlQueue(Channel channel) {
    this.channel = channel;
  }

  /** Sends at once if nothing waits, else queues or cancels. */
  void post(ClientRequest request, long nanoTime) {
    if (queued.isEmpty() && channel.send(request.tag())) {
      return;
    }
    if (cancels(request, queued.peekLast())) {
      queued.removeLast();
      return;
    }
    if (queued.isEmpty()) {
      blockedSince = nanoTime;
    }
    queued.add(request);
  }

  /** Sends what can be sent now; called once per poll. */
  void flush(long nanoTime) {
    ClientRequest next = queued.peek();
    if (next != null && channel.send(next.tag())) {
      queued.remove();
      blockedSince = nanoTime;
    }
  }

  /** How long the oldest queued request has waited since something was sent last. */
  Duration blocked(long nanoTime) {
    return queued.isEmpty() ? Duration.ZERO : Duration.ofNanos(nanoTime - blockedSince);
  }

  private static boolean cancels(ClientRequest request, @Nullable ClientRequest newest) {
    return switch (request) {
      case SUSPEND -> newest == ClientRequest.RESUME;
      case RESUME -> newest == ClientRequest.SUSPEND;
      case QUIT, ABORT, REREAD_APP_INFO -> false;
    };
  }
}
