package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Counts what it passes on, so that a second reading can go on where the first one ended. */
final class LogCount implements LogSink {
  private final LogSink sink;
  private final Map<Stream, Long> passed = new EnumMap<>(Stream.class);

  LogCount(LogSink sink) {
    this.sink = sink;
  }

  @Override
  public void accept(Stream stream, byte[] bytes) throws IOException {
    passed.merge(stream, (long) bytes.length, Long::sum);
    sink.accept(stream, bytes);
  }

  /** Whether the other one has passed on as much. */
  boolean isAsLongAs(LogCount other) {
    return passed.equals(other.passed);
  }

  /** For the same output from its beginning: passes on what has not been passed on. */
  LogSink rest() {
    Map<Stream, Long> known = new EnumMap<>(passed);
    return (stream, bytes) -> {
      long skipped = Math.min(known.getOrDefault(stream, 0L), bytes.length);
      known.merge(stream, -skipped, Long::sum);
      if (skipped < bytes.length) {
        sink.accept(stream, Arrays.copyOfRange(bytes, (int) skipped, bytes.length));
      }
    };
  }
}
