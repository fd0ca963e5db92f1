package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A TCP connection. */
final class TcpWire extends ChannelWire {
  private final String host;
  private final int port;

  TcpWire(String host, int port) throws IOException {
    super(SocketChannel.open());
    this.host = host;
    this.port = port;
  }

  @Override
  public void connect(Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    // Head and body of a request are two writes; the second must not wait for the first's receipt.
    channel().setOption(StandardSocketOptions.TCP_NODELAY, true);
    // A wait for the end of a job may be silent for days.
    channel().setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    InetSocketAddress address = new InetSocketAddress(address(end), port);
    try {
      boolean connected = channel().connect(address);
      while (!connected) {
        boolean ready = select(SelectionKey.OP_CONNECT, Deadline.millisUntil(end));
        if (Thread.currentThread().isInterrupted()) {
          throw TransportException.cancelled();
        }
        if (!ready && System.nanoTime() - end >= 0) {
          throw unreachable("no connection within " + patience.toMillis() + " ms", null);
        }
        connected = channel().finishConnect();
      }
    } catch (TransportException known) {
      throw known;
    } catch (IOException refused) {
      throw unreachable(String.valueOf(refused.getMessage()), refused);
    }
  }

  /** Looks the name up on a thread of its own, because that can't be told how long it may take. */
  private InetAddress address(long end) throws TransportException {
    FutureTask<InetAddress> lookup = new FutureTask<>(() -> InetAddress.getByName(host));
    Thread.ofPlatform().daemon().name("lookup").start(lookup);
    try {
      return lookup.get(Deadline.millisUntil(end), TimeUnit.MILLISECONDS);
    } catch (ExecutionException unknown) {
      throw unreachable("the name is not known", unknown);
    } catch (TimeoutException late) {
      throw unreachable("looking up the name takes too long", late);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw TransportException.cancelled();
    }
  }

  private TransportException unreachable(String why, @Nullable Exception cause) {
    return new TransportException(
        Fault.UNREACHABLE, "nobody answers at " + host + " port " + port + ": " + why, cause);
  }
}
