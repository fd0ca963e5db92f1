package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 for docker-java over the JDK's own sockets, because docker-java's transports cannot time
 * out on a Unix socket and lose an early error answer to a broken pipe.
 *
 * <p>A client made by {@link #operation} shares the connections of the one it came from, ends with
 * its {@link #close} only the calls made through itself, and is cancelled as a whole: between two
 * calls of one operation, too.
 */
public final class EngineHttpClient implements DockerHttpClient {
  private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS");

  private final ConnectionPool pool;
  private final Duration silence;
  private final @Nullable Long began;
  private final Set<Connection> mine = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param silence the longest the engine may say nothing while it is waited for; zero: for ever
   */
  public EngineHttpClient(Endpoint endpoint, Duration silence) {
    this(new ConnectionPool(endpoint), silence, null);
  }

  private EngineHttpClient(ConnectionPool pool, Duration silence, @Nullable Long began) {
    this.pool = pool;
    this.silence = silence;
    this.began = began;
  }

  /** A client for the calls of one operation that begins now. */
  public EngineHttpClient operation(Duration limit) {
    return new EngineHttpClient(pool, limit, pool.generation());
  }

  /** The same operation with another patience. */
  EngineHttpClient with(Duration limit) {
    return new EngineHttpClient(pool, limit, began);
  }

  /**
   * Cuts every connection in use, of every operation: blocked calls fail with {@link
   * Fault#CANCELLED}, later ones work.
   */
  public void cancel() {
    pool.cancel();
  }

  /**
   * Sends a request and waits for the head of the answer.
   *
   * @throws UncheckedIOException with the fault inside
   */
  @Override
  public Response execute(Request request) {
    long generation = began == null ? pool.generation() : began;
    try {
      Connection connection = pool.acquire(generation, silence);
      boolean pooled = connection.used();
      HttpExchange exchange = exchange(connection);
      try {
        return exchange.run(request);
      } catch (TransportException stale) {
        if (!pooled
            || exchange.answered()
            || stale.fault() != Fault.UNREACHABLE
            || !REPEATABLE.contains(request.method())) {
          throw stale;
        }
        return exchange(pool.open(generation, silence)).run(request);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private HttpExchange exchange(Connection connection) throws TransportException {
    mine.add(connection);
    if (closed) {
      finish(connection, false);
      throw TransportException.cancelled();
    }
    return new HttpExchange(connection, silence, this::finish);
  }

  private void finish(Connection connection, boolean reusable) {
    mine.remove(connection);
    if (reusable) {
      pool.release(connection);
    } else {
      pool.discard(connection);
    }
  }

  /** Ends the calls in progress; of an operation only its own. */
  @Override
  public void close() {
    closed = true;
    mine.forEach(Connection::abort);
    if (began == null) {
      pool.close();
    }
  }
}
