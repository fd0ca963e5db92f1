package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.engine.LogSink;

/**
 * A log that lies in a slot.
 *
 * @param file its name there
 */
record SlotLog(Path slot, String file) {
  private static final int PIECE = 64 * 1024;
  private static final long MILLIS_BETWEEN_LOOKS = 200;

  /**
   * Shows it.
   *
   * @param tail only so many last lines; empty: all
   * @param follow until the result is finished or the slot is another's
   * @throws IOException where it can't be read
   */
  void show(OptionalInt tail, boolean follow, LogSink sink)
      throws IOException, InterruptedException {
    Path path = slot.resolve(file);
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(path + ": is not there (yet), or this user may not see it");
    }
    try (RandomAccessFile log = new RandomAccessFile(path.toFile(), "r")) {
      if (tail.isPresent()) {
        log.seek(start(log, tail.getAsInt()));
      }
      boolean over = !follow;
      while (true) {
        copy(log, sink);
        if (over) {
          return;
        }
        Thread.sleep(MILLIS_BETWEEN_LOOKS);
        // Looked at before the last reading, so that nothing is missed.
        over = isOver(path, log);
      }
    }
  }

  private boolean isOver(Path path, RandomAccessFile log) throws IOException {
    try {
      return Files.exists(slot.resolve(FinishFile.NAME)) || Files.size(path) < log.getFilePointer();
    } catch (NoSuchFileException gone) {
      return true;
    }
  }

  private static void copy(RandomAccessFile log, LogSink sink) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int count = log.read(piece); count > 0; count = log.read(piece)) {
      sink.accept(LogSink.Stream.STDOUT, Arrays.copyOf(piece, count));
    }
  }

  /** Where the last lines begin. */
  private static long start(RandomAccessFile log, int lines) throws IOException {
    long size = log.length();
    long from = Math.max(0, size - (long) PIECE * 16);
    log.seek(from);
    byte[] end = new byte[(int) (size - from)];
    log.readFully(end);
    String text = new String(end, StandardCharsets.ISO_8859_1);
    int at = text.endsWith("\n") ? text.length() - 1 : text.length();
    for (int left = lines; left > 0 && at >= 0; left--) {
      at = text.lastIndexOf('\n', at - 1);
    }
    return lines == 0 ? size : from + at + 1;
  }
}
