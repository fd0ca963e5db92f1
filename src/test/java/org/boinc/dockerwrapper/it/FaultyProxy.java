package org.boinc.dockerwrapper.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.engine.Endpoint;

/**
 * Stands between the wrapper and a real engine and spoils chosen requests: delays them, cuts their
 * answers, answers 500, or swallows them. It records what was asked.
 */
public final class FaultyProxy implements AutoCloseable {

  /** What happens to a request. */
  public sealed interface Spoil {
    /** It is passed on later. */
    record Delay(Duration time) implements Spoil {}

    /** It is passed on, and the connection closed after so many bytes of the answer. */
    record Cut(long answerBytes) implements Spoil {}

    /** It is not passed on; this is the answer, and the body is not read. */
    record Answer(int status, String message) implements Spoil {}

    /** The same, but the body is read on: a relay between gives up at once when it can't write. */
    record AnswerAndRead(int status, String message) implements Spoil {}

    /** It is not passed on, and nothing is answered until {@link FaultyProxy#heal}. */
    record Mute() implements Spoil {}
  }

  /**
   * A request as it was sent.
   *
   * @param line such as {@code GET /_ping}
   * @param body its beginning as text, without the marks of chunks
   */
  public record Recorded(String line, String body) {}

  /** A request whose body may still be on its way. */
  private record Arriving(String line, ByteArrayOutputStream body) {}

  private record Rule(Predicate<String> line, Spoil spoil, AtomicInteger times) {}

  private static final int MOST_RECORDED = 1 << 20;

  private final Path socket;
  private final Path engine;
  private final ServerSocketChannel server;
  private final List<Arriving> requests = new CopyOnWriteArrayList<>();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile CountDownLatch healed = new CountDownLatch(1);

  /**
   * @param directory short: a socket's path has at most 107 bytes
   * @param engine socket of the real one
   */
  public FaultyProxy(Path directory, Path engine) throws IOException {
    this.socket = directory.resolve(EngineUnderTest.IT.socketOfRelay());
    this.engine = engine;
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    Files.createDirectories(Objects.requireNonNull(socket.getParent()));
    server.bind(UnixDomainSocketAddress.of(socket));
    // For wrappers that run as another user.
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    Thread.ofVirtual().start(this::serve);
  }

  public Endpoint.UnixSocket endpoint() {
    return new Endpoint.UnixSocket(socket);
  }

  /** Everything asked so far. */
  public List<Recorded> requests() {
    return requests.stream()
        .map(
            request ->
                new Recorded(request.line(), request.body().toString(StandardCharsets.UTF_8)))
        .toList();
  }

  /** How many requests so far have a line that the pattern is found in. */
  public long count(String pattern) {
    Pattern line = Pattern.compile(pattern);
    return requests.stream().filter(request -> line.matcher(request.line()).find()).count();
  }

  /** How many connections were made so far. */
  public int connections() {
    return connections.get();
  }

  /** Spoils the next requests whose line the pattern is found in, such as {@code POST .*start}. */
  public void spoil(String pattern, int times, Spoil spoil) {
    spoil(Pattern.compile(pattern).asPredicate(), times, spoil);
  }

  /**
   * Spoils the next requests with such a line; every line is shown to it, until it had its times.
   */
  public void spoil(Predicate<String> line, int times, Spoil spoil) {
    rules.add(new Rule(line, spoil, new AtomicInteger(times)));
  }

  /** Spoils nothing any more; what was muted is closed. */
  public void heal() {
    rules.clear();
    CountDownLatch old = healed;
    healed = new CountDownLatch(1);
    old.countDown();
  }

  /** Closes every connection, as an engine does that is restarted, and waits until they are. */
  public void cutAll() throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (!open.isEmpty() && System.nanoTime() < end) {
      for (SocketChannel channel : open) {
        channel.close();
      }
      Thread.onSpinWait();
    }
  }

  private void serve() {
    try {
      while (true) {
        SocketChannel client = server.accept();
        connections.incrementAndGet();
        open.add(client);
        Thread.ofVirtual().start(() -> connection(client));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void connection(SocketChannel client) {
    AtomicLong answerLeft = new AtomicLong(Long.MAX_VALUE);
    try (client;
        SocketChannel upstream = SocketChannel.open(UnixDomainSocketAddress.of(engine))) {
      Thread answers = Thread.ofVirtual().start(() -> pumpAnswers(upstream, client, answerLeft));
      pumpRequests(client, upstream, answerLeft);
      if (upstream.isOpen()) {
        upstream.shutdownOutput();
      }
      answers.join();
    } catch (IOException closed) {
      // the other side is told by the closing
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private static void pumpAnswers(SocketChannel from, SocketChannel to, AtomicLong left) {
    byte[] buffer = new byte[8192];
    try (from;
        to;
        InputStream in = Channels.newInputStream(from);
        OutputStream out = Channels.newOutputStream(to)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        int allowed = (int) Math.min(count, left.get());
        out.write(buffer, 0, allowed);
        if (left.get() != Long.MAX_VALUE && left.addAndGet(-allowed) == 0) {
          return;
        }
      }
    } catch (IOException closed) {
      // both are closed now
    }
  }

  private void pumpRequests(SocketChannel client, SocketChannel upstream, AtomicLong answerLeft)
      throws IOException, InterruptedException {
    InputStream in = Channels.newInputStream(client);
    OutputStream out = Channels.newOutputStream(upstream);
    for (byte[] head = readHead(in); head.length > 0; head = readHead(in)) {
      String text = new String(head, StandardCharsets.ISO_8859_1);
      String line = text.substring(0, text.indexOf(" HTTP/1.1"));
      ByteArrayOutputStream recorded = new ByteArrayOutputStream();
      requests.add(new Arriving(line, recorded));
      switch (spoilOf(line)) {
        case Spoil.Delay(Duration time) -> Thread.sleep(time);
        case Spoil.Cut(long bytes) -> answerLeft.set(bytes);
        case Spoil.Answer(int status, String message) -> {
          answer(client, status, message);
          return;
        }
        case Spoil.AnswerAndRead(int status, String message) -> {
          answer(client, status, message);
          in.transferTo(OutputStream.nullOutputStream());
          return;
        }
        case Spoil.Mute() -> {
          healed.await();
          client.close();
          return;
        }
      }
      out.write(head);
      passBody(text, in, out, recorded);
    }
  }

  private Spoil spoilOf(String line) {
    for (Rule rule : rules) {
      if (rule.line().test(line) && rule.times().getAndDecrement() > 0) {
        return rule.spoil();
      }
    }
    return new Spoil.Delay(Duration.ZERO);
  }

  private static void answer(SocketChannel client, int status, String message) throws IOException {
    String body = "{\"message\":\"" + message + "\"}\n";
    String head =
        "HTTP/1.1 "
            + status
            + " Spoiled\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    Channels.newOutputStream(client).write((head + body).getBytes(StandardCharsets.UTF_8));
    client.close();
  }

  private static byte[] readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ends = 0;
    while (ends < 2) {
      int b = in.read();
      if (b < 0) {
        return new byte[0];
      }
      head.write(b);
      ends = b == '\n' ? ends + 1 : b == '\r' ? ends : 0;
    }
    return head.toByteArray();
  }

  private static void passBody(
      String head, InputStream in, OutputStream out, ByteArrayOutputStream recorded)
      throws IOException {
    String lower = head.toLowerCase(Locale.ROOT);
    if (lower.contains("\r\ntransfer-encoding: chunked")) {
      for (long size = passChunkHead(in, out); size > 0; size = passChunkHead(in, out)) {
        pass(in, out, size, recorded);
        pass(in, out, 2, new ByteArrayOutputStream());
      }
      pass(in, out, 2, new ByteArrayOutputStream());
    } else if (lower.contains("\r\ncontent-length: ")) {
      String rest = lower.substring(lower.indexOf("\r\ncontent-length: ") + 18);
      pass(in, out, Long.parseLong(rest.substring(0, rest.indexOf('\r'))), recorded);
    }
  }

  private static long passChunkHead(InputStream in, OutputStream out) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the client left in the middle of its request");
      }
      line.append((char) b);
    }
    out.write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
    return Long.parseLong(line.toString().strip(), 16);
  }

  private static void pass(
      InputStream in, OutputStream out, long length, ByteArrayOutputStream recorded)
      throws IOException {
    byte[] buffer = new byte[8192];
    for (long left = length; left > 0; ) {
      int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (count < 0) {
        throw new IOException("the client left in the middle of its request");
      }
      out.write(buffer, 0, count);
      if (recorded.size() < MOST_RECORDED) {
        recorded.write(buffer, 0, count);
      }
      left -= count;
    }
  }

  @Override
  public void close() throws IOException {
    heal();
    server.close();
    cutAll();
    Files.deleteIfExists(socket);
  }
}
