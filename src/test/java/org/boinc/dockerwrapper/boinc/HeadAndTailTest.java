package org.boinc.dockerwrapper.boinc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadAndTailTest {
  private static String kept(int head, int tail, String... pieces) {
    HeadAndTail stream = new HeadAndTail(head, tail);
    for (String piece : pieces) {
      byte[] bytes = ("#" + piece).getBytes(StandardCharsets.UTF_8);
      stream.append(bytes, 1, bytes.length - 1);
    }
    return stream.text();
  }

  @Test
  void aShortStreamIsKeptAsItIs() {
    assertEquals("", kept(4, 4));
    assertEquals("abcdefgh", kept(4, 4, "abc", "def", "gh"));
  }

  @Test
  void ofALongStreamBeginningAndEndAreKept() {
    assertEquals("abcd\n[... 1 bytes left out ...]\nfghi", kept(4, 4, "abcdefghi"));
    assertEquals("abcd\n[... 1 bytes left out ...]\nfghi", kept(4, 4, "abcd", "efg", "hi"));
    assertEquals("[... 8 bytes left out ...]\n89", kept(0, 2, "0123456", "789"));
  }

  @Test
  void itIsCutBetweenLines() {
    assertEquals(
        "line 1\n[... 28 bytes left out ...]\nline 6\n",
        kept(10, 10, "line 1\nline 2\nline 3\nline 4\nline 5\nline 6\n"));
  }

  @Test
  void noCharacterIsCutInTwo() {
    for (int head = 1; head < 12; head++) {
      for (int tail = 1; tail < 12; tail++) {
        String text = kept(head, tail, "x\u00e9\u20ac\ud83d\ude00".repeat(9) + "y");
        assertFalse(text.contains("\ufffd"), text);
      }
    }
    assertEquals("\u20ac\n[... 12 bytes left out ...]\n\u20ac", kept(5, 4, "\u20ac".repeat(6)));
    assertEquals(
        "\u20ac\u20ac\n[... 9 bytes left out ...]\n\u20ac", kept(6, 3, "\u20ac".repeat(6)));
  }

  @Test
  void bytesThatAreNoTextDoNoHarm() {
    HeadAndTail stream = new HeadAndTail(4, 4);
    stream.append(new byte[] {-1, -1, -128, -128, -128, -128, -128, -128, -128, -1}, 0, 10);
    assertTrue(stream.text().contains("bytes left out"));
  }

  @Property
  void howItIsCutIntoPiecesMakesNoDifference(
      @ForAll @Size(max = 20) List<@AlphaChars @StringLength(max = 30) String> pieces,
      @ForAll @IntRange(min = 0, max = 40) int head,
      @ForAll @IntRange(min = 1, max = 40) int tail) {
    String all = String.join("", pieces);
    String text = kept(head, tail, pieces.toArray(String[]::new));
    assertEquals(kept(head, tail, all), text);
    if (all.length() <= head + tail) {
      assertEquals(all, text);
    } else {
      assertTrue(text.startsWith(all.substring(0, head)));
      assertTrue(text.endsWith(all.substring(all.length() - tail)));
      assertTrue(text.contains("[... " + (all.length() - head - tail) + " bytes left out ...]\n"));
    }
  }

  @Test
  void aFileIsReadAtItsTwoEnds(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("log");
    for (int length : new int[] {0, 3, 4, 5, 8, 9, 1000}) {
      String content = "abcdefghij".repeat(100).substring(0, length);
      Files.writeString(file, content);
      assertEquals(kept(4, 4, content), HeadAndTail.ofFile(file, 4, 4).text(), content);
    }
  }
}
