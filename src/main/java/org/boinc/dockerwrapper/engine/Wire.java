package org.boinc.dockerwrapper.engine;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The bytes of one connection, of whatever kind. Reading and writing never block; {@link #connect}
 * and {@link #await} do. All belong to one thread but for {@link #close}, which may come from any
 * and makes the others throw.
 */
interface Wire extends Closeable {

  /**
   * An unconnected one. No class of a kind is loaded that is not used: most wrappers only ever see
   * a Unix socket.
   */
  static Wire of(Endpoint endpoint) throws IOException {
    return switch (endpoint) {
      case Endpoint.UnixSocket(Path path) -> new UnixWire(path);
      case Endpoint.Service() -> new ServiceWire(PodmanService.of(System.getenv()));
      case Endpoint.Tcp(String host, int port, Optional<Path> certificates) -> {
        Wire tcp = new TcpWire(host, port);
        yield certificates.isPresent() ? new TlsWire(tcp, host, port, certificates.get()) : tcp;
      }
      case Endpoint.Command command -> new PumpedWire(new ChildProcess(command));
      case Endpoint.NamedPipe(String name) -> new PumpedWire(new WindowsPipe(name));
    };
  }

  /**
   * Makes the connection.
   *
   * @param patience longer than this it does not take
   */
  void connect(Duration patience) throws IOException;

  /** Reads what is there: the number of bytes, 0 for none yet, -1 at the end. */
  int read(ByteBuffer to) throws IOException;

  /** Writes what goes: the number of bytes, 0 where none goes now. */
  int write(ByteBuffer from) throws IOException;

  /**
   * Waits until one of the two may go on, or the thread is interrupted.
   *
   * @param millis zero: for ever
   * @return whether it may; false when the time is over
   */
  boolean await(boolean toRead, boolean toWrite, long millis) throws IOException;

  /** From any thread: the {@link #await} in progress, or else the next one, ends at once. */
  void wake();

  /**
   * Tells the other side that nothing more will be written; what it still says can be read.
   *
   * @return false where not all that was to be said before has gone yet: await, and call it again
   */
  boolean endOutput() throws IOException;
}
