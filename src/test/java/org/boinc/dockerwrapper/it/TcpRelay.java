package org.boinc.dockerwrapper.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.boinc.dockerwrapper.engine.Endpoint;

/** Makes the engine behind a Unix socket answer at a port of this host. */
final class TcpRelay implements AutoCloseable {
  private final ServerSocketChannel server;
  private final Path engine;
  private final AtomicInteger connections = new AtomicInteger();

  TcpRelay(Path engine) throws IOException {
    this.engine = engine;
    this.server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().start(this::serve);
  }

  Endpoint endpoint() throws IOException {
    int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    return new Endpoint.Tcp("127.0.0.1", port, Optional.empty());
  }

  /** How many connections were made so far. */
  int connections() {
    return connections.get();
  }

  private void serve() {
    try {
      while (true) {
        SocketChannel client = server.accept();
        connections.incrementAndGet();
        SocketChannel upstream = SocketChannel.open(UnixDomainSocketAddress.of(engine));
        Thread.ofVirtual().start(() -> pump(client, upstream));
        Thread.ofVirtual().start(() -> pump(upstream, client));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private static void pump(SocketChannel from, SocketChannel to) {
    byte[] buffer = new byte[64 * 1024];
    try (from;
        to;
        InputStream in = Channels.newInputStream(from);
        OutputStream out = Channels.newOutputStream(to)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
      }
    } catch (IOException closed) {
      // both are closed now
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
