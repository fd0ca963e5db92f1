package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;

class LogCountTest {
  @Property
  void aCutReadingAndTheRestAreTheWhole(
      @ForAll @AlphaChars String text,
      @ForAll @IntRange(min = 0, max = 50) int cut,
      @ForAll @IntRange(min = 1, max = 7) int secondPiece)
      throws IOException {
    StringBuilder read = new StringBuilder();
    LogCount count =
        new LogCount((stream, bytes) -> read.append(new String(bytes, StandardCharsets.UTF_8)));
    String first = text.substring(0, Math.min(cut, text.length()));
    for (byte b : first.getBytes(StandardCharsets.UTF_8)) {
      count.accept(LogSink.Stream.STDOUT, new byte[] {b});
    }
    LogSink rest = count.rest();
    for (int i = 0; i < text.length(); i += secondPiece) {
      String part = text.substring(i, Math.min(text.length(), i + secondPiece));
      rest.accept(LogSink.Stream.STDOUT, part.getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(text, read.toString());
  }
}
