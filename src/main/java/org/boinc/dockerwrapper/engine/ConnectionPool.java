package org.boinc.dockerwrapper.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Connections to one endpoint: a few idle ones, and those in use, which can be cut. */
final class ConnectionPool implements AutoCloseable {
  private static final int MOST_IDLE = 4;

  private final Endpoint endpoint;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Set<Connection> inUse = new HashSet<>();
  private long generation;
  private boolean closed;

  ConnectionPool(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Counts the calls of {@link #cancel}: what began before the last one is cancelled. */
  synchronized long generation() {
    return generation;
  }

  /**
   * A connection that has been used before if there is one, else a new one.
   *
   * @param silence of the call; zero: any
   */
  Connection acquire(long began, Duration silence) throws TransportException {
    for (Connection old = takeIdle(began); old != null; old = takeIdle(began)) {
      if (!old.stale()) {
        return old;
      }
      discard(old);
    }
    return open(began, silence);
  }

  private synchronized @Nullable Connection takeIdle(long began) throws TransportException {
    refuseCancelled(began);
    Connection old = idle.pollLast();
    if (old != null) {
      inUse.add(old);
    }
    return old;
  }

  /** A new connection; it can be cut from its first moment. */
  Connection open(long began, Duration silence) throws TransportException {
    Connection fresh = new Connection(endpoint);
    try {
      synchronized (this) {
        refuseCancelled(began);
        inUse.add(fresh);
      }
      fresh.connect(silence);
      return fresh;
    } catch (TransportException refused) {
      discard(fresh);
      throw refused;
    }
  }

  private void refuseCancelled(long began) throws TransportException {
    if (closed || began != generation) {
      throw TransportException.cancelled();
    }
  }

  /** Back for the next call; its answer has been read to the end. */
  void release(Connection connection) {
    synchronized (this) {
      if (inUse.remove(connection) && !closed && !connection.aborted() && idle.size() < MOST_IDLE) {
        connection.markUsed();
        idle.add(connection);
        return;
      }
    }
    connection.close();
  }

  void discard(Connection connection) {
    synchronized (this) {
      inUse.remove(connection);
    }
    connection.close();
  }

  /** Cuts every connection in use. */
  void cancel() {
    List<Connection> cut;
    synchronized (this) {
      generation++;
      cut = List.copyOf(inUse);
    }
    cut.forEach(Connection::abort);
  }

  @Override
  public void close() {
    List<Connection> unused;
    synchronized (this) {
      closed = true;
      unused = List.copyOf(idle);
      idle.clear();
    }
    unused.forEach(Connection::close);
    cancel();
  }
}
