package org.boinc.dockerwrapper.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.boinc.dockerwrapper.engine.LogSink;
import org.boinc.dockerwrapper.run.JobEvent;

/** Makes lines for people of the lines of an event log; what is no event is left out. */
final class EventLines implements LogSink {
  private final LogSink sink;
  private final DateTimeFormatter time;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /**
   * @param zone of the times
   */
  EventLines(LogSink sink, ZoneId zone) {
    this.sink = sink;
    this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
  }

  @Override
  public void accept(Stream stream, byte[] bytes) throws IOException {
    for (byte b : bytes) {
      if (b != '\n') {
        line.write(b);
        continue;
      }
      var event = JobEvent.parse(line.toString(StandardCharsets.UTF_8));
      line.reset();
      if (event.isPresent()) {
        sink.accept(stream, text(event.get()).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private String text(JobEvent event) {
    return "%s  %-6s  %s%n"
        .formatted(
            time.format(Instant.ofEpochMilli(event.at())),
            event.kind().name().toLowerCase(Locale.ROOT),
            ShellLine.visible(event.text()));
  }
}
