package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Keeps the beginning and the end of a stream of any length, in bounded memory. */
public final class HeadAndTail {
  private final byte[] head;
  private final byte[] ring;
  private int headLength;
  private int ringLength;
  private int ringEnd;
  private long leftOut;

  /**
   * Keeps so many bytes of the beginning, and so many of the end.
   *
   * @param tailSize at least 1
   */
  public HeadAndTail(int headSize, int tailSize) {
    head = new byte[headSize];
    ring = new byte[tailSize];
  }

  /** Reads a file's beginning and end, and nothing in between. */
  public static HeadAndTail ofFile(Path file, int headSize, int tailSize) throws IOException {
    HeadAndTail kept = new HeadAndTail(headSize, tailSize);
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      kept.copy(in, headSize);
      long skipped = in.length() - headSize - tailSize;
      if (skipped > 0) {
        in.seek(headSize + skipped);
        kept.leftOut = skipped;
      }
      kept.copy(in, tailSize);
    }
    return kept;
  }

  private void copy(RandomAccessFile in, int limit) throws IOException {
    byte[] buffer = new byte[limit];
    int length = 0;
    int read = 0;
    while (read >= 0 && length < limit) {
      length += read;
      read = in.read(buffer, length, limit - length);
    }
    append(buffer, 0, length);
  }

  /** Takes the next bytes of the stream. */
  public synchronized void append(byte[] bytes, int offset, int length) {
    int toHead = Math.min(length, head.length - headLength);
    System.arraycopy(bytes, offset, head, headLength, toHead);
    headLength += toHead;
    int toTail = length - toHead;
    int lost = Math.max(0, ringLength + toTail - ring.length);
    leftOut += lost;
    int kept = Math.min(toTail, ring.length);
    int from = offset + length - kept;
    int untilWrap = Math.min(kept, ring.length - ringEnd);
    System.arraycopy(bytes, from, ring, ringEnd, untilWrap);
    System.arraycopy(bytes, from + untilWrap, ring, 0, kept - untilWrap);
    ringEnd = (ringEnd + kept) % ring.length;
    ringLength = Math.min(ring.length, ringLength + toTail);
  }

  /**
   * What was kept, as UTF-8; if something is missing, a line in between says how much. Cut between
   * lines, unless that would cost half of a part: then between characters.
   */
  public synchronized String text() {
    byte[] tail = tail();
    if (leftOut == 0) {
      byte[] all = new byte[headLength + tail.length];
      System.arraycopy(head, 0, all, 0, headLength);
      System.arraycopy(tail, 0, all, headLength, tail.length);
      return new String(all, StandardCharsets.UTF_8);
    }
    int headEnd = headEnd();
    int tailStart = tailStart(tail);
    String beginning = new String(head, 0, headEnd, StandardCharsets.UTF_8);
    return beginning
        + (beginning.isEmpty() || beginning.endsWith("\n") ? "" : "\n")
        + "[... %d bytes left out ...]\n".formatted(leftOut + headLength - headEnd + tailStart)
        + new String(tail, tailStart, tail.length - tailStart, StandardCharsets.UTF_8);
  }

  private byte[] tail() {
    byte[] tail = new byte[ringLength];
    int start = (ringEnd - ringLength + ring.length) % ring.length;
    int untilWrap = Math.min(ringLength, ring.length - start);
    System.arraycopy(ring, start, tail, 0, untilWrap);
    System.arraycopy(ring, 0, tail, untilWrap, ringLength - untilWrap);
    return tail;
  }

  private int headEnd() {
    for (int end = headLength; end > headLength / 2; end--) {
      if (head[end - 1] == '\n') {
        return end;
      }
    }
    int end = headLength;
    while (end > Math.max(0, headLength - 3) && isContinuation(head[end - 1])) {
      end--;
    }
    // Now before the bytes that follow a character's first; that one may want more of them.
    return end > 0 && head[end - 1] < 0 && headLength - end < following(head[end - 1])
        ? end - 1
        : headLength;
  }

  private static int tailStart(byte[] tail) {
    for (int start = 0; start < tail.length / 2; start++) {
      if (tail[start] == '\n') {
        return start + 1;
      }
    }
    int start = 0;
    while (start < Math.min(3, tail.length) && isContinuation(tail[start])) {
      start++;
    }
    return start;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xc0) == 0x80;
  }

  /** How many bytes follow the first one of a character in UTF-8. */
  private static int following(byte first) {
    return (first & 0xf0) == 0xf0 ? 3 : (first & 0xe0) == 0xe0 ? 2 : 1;
  }
}
