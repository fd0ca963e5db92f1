package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.boinc.ClientChannels;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.boinc.ClientWatch;
import org.boinc.dockerwrapper.boinc.Heartbeat;

/**
 * Listens to the client ten times a second, whatever else goes on (reference REQ-5), and is the
 * episode's clock. A plain thread that touches nothing but the shared memory.
 */
public final class ClientPoller implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(100);

  private static final int POLLS_PER_TICK = 10;

  private static final int POLLS_PER_PROBE = 5;

  private final Optional<ClientChannels> channels;
  private final ClientWatch watch;
  private final Consumer<RunEvent> post;
  private final Thread thread;
  private final AtomicBoolean tickPending = new AtomicBoolean();
  private final SuspendFilter suspends = new SuspendFilter();
  private volatile boolean closed;
  private volatile OptionalInt sporadicState = OptionalInt.empty();
  private Optional<Boolean> networkAllowed = Optional.empty();
  private boolean goneSaid;

  ClientPoller(Optional<ClientChannels> channels, ClientWatch watch, Consumer<RunEvent> post) {
    this.channels = channels;
    this.watch = watch;
    this.post = post;
    this.thread = Thread.ofPlatform().daemon().name("client").unstarted(this::poll);
  }

  void start() {
    thread.start();
  }

  /** The client's side of sporadic mode, as last heard. */
  OptionalInt sporadicState() {
    return sporadicState;
  }

  /** Suspends that are no longer are the client's CPU throttle, which a quota stands in for. */
  void throttlePulse(Duration pulse) {
    suspends.pulse(pulse);
  }

  /** The last tick was taken from the queue; the next may be posted. */
  void tickTaken() {
    tickPending.set(false);
  }

  private void poll() {
    long start = System.nanoTime();
    int polls = 0;
    try {
      while (!closed) {
        if (channels.isPresent()) {
          Duration now = Duration.ofNanos(System.nanoTime() - start);
          listen(channels.get(), now);
          if (polls % POLLS_PER_PROBE == 0) {
            checkLiveness(now);
          }
        }
        polls++;
        if (polls % POLLS_PER_TICK == 0 && tickPending.compareAndSet(false, true)) {
          post.accept(new RunEvent.Tick());
        }
        Thread.sleep(PERIOD);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen(ClientChannels client, Duration now) {
    for (ClientRequest request : suspends.due(client.takeRequests(), now)) {
      post.accept(new RunEvent.Asked(request));
    }
    client.takeHeartbeat().ifPresent(this::heard);
  }

  private void heard(Heartbeat heartbeat) {
    if (heartbeat.alive()) {
      watch.heartbeat();
    }
    sporadicState = heartbeat.sporadicState();
    Optional<Boolean> allowed = Optional.of(!heartbeat.networkSuspended());
    if (!allowed.equals(networkAllowed)) {
      networkAllowed = allowed;
      post.accept(new RunEvent.NetworkNews(allowed.get()));
    }
  }

  private void checkLiveness(Duration elapsed) {
    if (!goneSaid && watch.clientGone(elapsed)) {
      goneSaid = true;
      post.accept(new RunEvent.ClientGone());
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
