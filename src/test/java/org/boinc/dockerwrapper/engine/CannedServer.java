package org.boinc.dockerwrapper.engine;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers requests without bodies with given bytes, whatever they ask. */
final class CannedServer implements AutoCloseable {
  /** After an answer that ends with this the connection is closed. */
  static final String CLOSE = "\u0000";

  /** How it is reached. */
  enum Reach {
    UNIX_SOCKET,
    TCP,
    CHILD_PROCESS
  }

  /** One client. */
  private record Conversation(InputStream in, OutputStream out, Closeable whole) {}

  /** Waits for the next client. */
  private interface Listener {
    Conversation accept() throws IOException;
  }

  private final Endpoint endpoint;
  private final Listener listener;
  private final Closeable server;
  private final List<String> answers;
  private final AtomicInteger next = new AtomicInteger();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  CannedServer(Path directory, String... answers) throws IOException {
    this(Reach.UNIX_SOCKET, directory, answers);
  }

  /**
   * @param directory for a socket
   */
  CannedServer(Reach reach, Path directory, String... answers) throws IOException {
    this.answers = List.of(answers);
    if (reach == Reach.TCP) {
      ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      this.endpoint = new Endpoint.Tcp("127.0.0.1", socket.getLocalPort(), Optional.empty());
      this.listener = () -> conversation(socket.accept());
      this.server = socket;
    } else {
      Path path = directory.resolve("s");
      ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      channel.bind(UnixDomainSocketAddress.of(path));
      this.endpoint =
          reach == Reach.UNIX_SOCKET ? new Endpoint.UnixSocket(path) : StdioRelay.to(path);
      this.listener = () -> conversation(channel.accept());
      this.server = channel;
    }
    Thread.ofVirtual().start(this::serve);
  }

  /**
   * At a port where a listener of its own kind was made, such as one for TLS.
   *
   * @param certificates for the client
   */
  CannedServer(ServerSocket socket, Path certificates, String... answers) {
    this.answers = List.of(answers);
    this.endpoint = new Endpoint.Tcp("localhost", socket.getLocalPort(), Optional.of(certificates));
    this.listener = () -> conversation(socket.accept());
    this.server = socket;
    Thread.ofVirtual().start(this::serve);
  }

  private static Conversation conversation(Socket socket) throws IOException {
    return new Conversation(socket.getInputStream(), socket.getOutputStream(), socket);
  }

  private static Conversation conversation(SocketChannel channel) {
    return new Conversation(
        Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** Heads of the requests so far. */
  List<String> heads() {
    return heads;
  }

  int connections() {
    return connections.get();
  }

  private void serve() {
    try {
      while (true) {
        Conversation client = listener.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> answer(client));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void answer(Conversation client) {
    try (Closeable _ = client.whole()) {
      StringBuilder head = new StringBuilder();
      for (int b = client.in().read(); b >= 0; b = client.in().read()) {
        head.append((char) b);
        if (head.toString().endsWith("\r\n\r\n")) {
          heads.add(head.toString());
          head.setLength(0);
          String text = answers.get(Math.min(next.getAndIncrement(), answers.size() - 1));
          boolean close = text.endsWith(CLOSE);
          String bytes = close ? text.substring(0, text.length() - 1) : text;
          client.out().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
          client.out().flush();
          if (close) {
            return;
          }
        }
      }
    } catch (IOException closed) {
      // the client has what it wanted
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
