package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers requests without bodies with given bytes, whatever they ask. */
final class CannedServer implements AutoCloseable {
  /** After an answer that ends with this the connection is closed. */
  static final String CLOSE = "\u0000";

  private final Path socket;
  private final ServerSocketChannel server;
  private final List<String> answers;
  private final AtomicInteger next = new AtomicInteger();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  CannedServer(Path directory, String... answers) throws IOException {
    this.socket = directory.resolve("s");
    this.answers = List.of(answers);
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::serve);
  }

  Endpoint endpoint() {
    return new Endpoint.UnixSocket(socket);
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
        SocketChannel client = server.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> answer(client));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void answer(SocketChannel client) {
    try (client;
        InputStream in = Channels.newInputStream(client)) {
      StringBuilder head = new StringBuilder();
      for (int b = in.read(); b >= 0; b = in.read()) {
        head.append((char) b);
        if (head.toString().endsWith("\r\n\r\n")) {
          heads.add(head.toString());
          head.setLength(0);
          String text = answers.get(Math.min(next.getAndIncrement(), answers.size() - 1));
          boolean close = text.endsWith(CLOSE);
          String bytes = close ? text.substring(0, text.length() - 1) : text;
          Channels.newOutputStream(client).write(bytes.getBytes(StandardCharsets.ISO_8859_1));
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
