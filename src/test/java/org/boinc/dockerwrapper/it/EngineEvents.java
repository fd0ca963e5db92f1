package org.boinc.dockerwrapper.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the engine itself says happened to the containers of a slot: the truth about what ran,
 * whatever the wrapper remembers. Speaks HTTP by hand, so that no code under test is believed.
 */
final class EngineEvents implements AutoCloseable {
  private static final Pattern ACTION = Pattern.compile("\"Action\":\"([a-z_]+)\"");
  private static final Pattern STATUS = Pattern.compile("\"exitCode\":\"(\\d+)\"");

  private final SocketChannel connection;
  private final List<String> events = new CopyOnWriteArrayList<>();

  /** Listens from now on to the containers with this value of label {@code boinc.slot}. */
  EngineEvents(Path socket, Path slot) throws IOException {
    String filters = "{\"type\":[\"container\"],\"label\":[\"boinc.slot=%s\"]}".formatted(slot);
    connection = SocketChannel.open(StandardProtocolFamily.UNIX);
    connection.connect(UnixDomainSocketAddress.of(socket));
    String request =
        "GET /events?filters=%s HTTP/1.1\r\nHost: engine\r\n\r\n"
            .formatted(URLEncoder.encode(filters, StandardCharsets.UTF_8));
    connection.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.UTF_8));
    String answer = reader.readLine();
    if (answer == null || !answer.contains(" 200 ")) {
      throw new IOException("the engine's events: " + answer);
    }
    Thread.ofPlatform().daemon().name("events").start(() -> read(reader));
  }

  private void read(BufferedReader reader) {
    try {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Matcher action = ACTION.matcher(line);
        if (action.find()) {
          Matcher status = STATUS.matcher(line);
          events.add(
              action.group(1).equals("die") && status.find()
                  ? "die " + status.group(1)
                  : action.group(1));
        }
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  /** Such as {@code create, start, die 0, destroy}. */
  List<String> all() {
    return List.copyOf(events);
  }

  long count(String event) {
    return events.stream().filter(event::equals).count();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
