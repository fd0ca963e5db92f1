package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.boinc.dockerwrapper.boinc.ProxySettings;
import org.boinc.dockerwrapper.engine.NetworkBytes;

/**
 * The only way out for a job with {@code network.allow}: an HTTP proxy in this process, at the
 * address that the job's own network has on this host. It looks at names and ports, and at nothing
 * of what is encrypted. While no wrapper runs, or the client suspends the network, there is no way
 * out.
 */
final class EgressProxy implements AutoCloseable {
  /** Two for each connection; a job that wants more waits. */
  private static final int MOST_SOCKETS = 128;

  /** Of what was refused so many are told. */
  private static final int MOST_TOLD = 20;

  /** Podman makes the network's address only when the container starts. */
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  /** After so many something is wrong. */
  private static final int TRIES_IN_SILENCE = 300;

  private final InetSocketAddress address;
  private final EgressRules rules;
  private final EgressDial dial;
  private final BooleanSupplier allowed;
  private final Consumer<String> log;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final CountDownLatch listening = new CountDownLatch(1);
  private volatile boolean closed;

  /**
   * Nothing listens yet.
   *
   * @param address of this host, on the job's network
   * @param upstream the client's own proxies, if it has any
   * @param forbidden addresses that no name may lead to
   * @param allowed whether the client allows the network
   */
  EgressProxy(
      InetSocketAddress address,
      EgressRules rules,
      Optional<ProxySettings> upstream,
      Predicate<InetAddress> forbidden,
      BooleanSupplier allowed,
      Consumer<String> log) {
    this.address = address;
    this.rules = rules;
    this.dial = new EgressDial(upstream, forbidden);
    this.allowed = allowed;
    this.log = log;
  }

  String address() {
    return address.getHostString() + ":" + address.getPort();
  }

  void start() {
    thread("egress", this::listen);
  }

  /** Whether it listens within so long; a job that was started without it would find no way out. */
  boolean awaitListening(Duration patience) throws InterruptedException {
    return listening.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The client suspended the network: what is open ends at once. */
  void suspend() {
    open.forEach(this::close);
  }

  static void thread(String name, Runnable work) {
    Thread.ofPlatform().daemon().name(name).start(work);
  }

  private void listen() {
    int tries = 0;
    while (!closed) {
      try (ServerSocket server = new ServerSocket()) {
        server.setReuseAddress(true);
        server.bind(address);
        listening.countDown();
        accept(server);
      } catch (IOException e) {
        if (++tries == TRIES_IN_SILENCE) {
          log.accept(
              "the job has no way out: nothing can listen at %s (%s); trying again"
                  .formatted(address(), e.getMessage()));
        }
        pause();
      }
    }
  }

  /** The address isn't there yet, or another program has the port. */
  private void pause() {
    try {
      Thread.sleep(BETWEEN_TRIES);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private void accept(ServerSocket server) throws IOException {
    while (!closed) {
      if (open.size() >= MOST_SOCKETS) {
        pause();
        continue;
      }
      Socket client = server.accept();
      open.add(client);
      thread("egress-job", () -> serve(client));
    }
  }

  private void serve(Socket client) {
    try (client) {
      new EgressConnection(client, this).serve();
    } catch (IOException ended) {
      // The job or the far end hung up, and each knows that of the other by now.
      close(client);
    } finally {
      open.remove(client);
    }
  }

  boolean isSuspended() {
    return !allowed.getAsBoolean();
  }

  /** Why there is no way to it; empty: there is. */
  Optional<String> refusal(String host, int port) {
    if (rules.name(host, port)) {
      return Optional.empty();
    }
    String target = EgressRules.plain(host) + ":" + port;
    String sentence = "network.allow does not name %s".formatted(target);
    if (told.size() < MOST_TOLD && told.add(target)) {
      log.accept("the job was refused a connection: " + sentence);
    }
    return Optional.of(sentence);
  }

  EgressDial dial() {
    return dial;
  }

  /** Kept in mind, so that it ends when the network does. */
  void opened(Socket far) throws IOException {
    open.add(far);
    if (closed || isSuspended()) {
      throw new IOException("the network was suspended");
    }
  }

  void closed(Socket far) {
    close(far);
    open.remove(far);
  }

  void received(int bytes) {
    received.add(bytes);
  }

  void sent(int bytes) {
    sent.add(bytes);
  }

  private void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      log.accept("a connection of network.allow can't be closed: " + e.getMessage());
    }
  }

  /** What went through up to now. */
  NetworkBytes bytes() {
    return new NetworkBytes(received.sum(), sent.sum());
  }

  /** No way out any more; says how much went through. */
  @Override
  public void close() {
    closed = true;
    suspend();
    log.accept(
        "through network.allow the job received %,d and sent %,d bytes in this episode"
            .formatted(received.sum(), sent.sum()));
  }
}
