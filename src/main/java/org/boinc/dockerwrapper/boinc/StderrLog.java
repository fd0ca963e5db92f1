package org.boinc.dockerwrapper.boinc;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The wrapper's words for the project's people: {@code stderr.txt} in the slot, of which the last
 * 63 KiB over all episodes reach the server (BOINC client/app_control.cpp). So it is kept short,
 * and what matters most must be written last.
 *
 * <p>Nothing here throws because of a full disk: the job goes on, and {@link #writable} tells. For
 * any thread.
 */
public final class StderrLog implements AutoCloseable {
  /** The file's name in the slot. */
  public static final String FILE = "stderr.txt";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final int CHATTER_PER_EPISODE = 24 * 1024;

  /** So high that only a fault of ours reaches it. */
  private static final int IMPORTANT_PER_EPISODE = 256 * 1024;

  private static final int BLOCK_HEAD = 8 * 1024;
  private static final int BLOCK_TAIL = 16 * 1024;
  private static final int LARGEST_FILE = 1024 * 1024;
  private static final int KEPT_HEAD = 16 * 1024;
  private static final int KEPT_TAIL = 48 * 1024;

  private final OutputStream out;
  private final Clock clock;
  private final SecretMask secrets = new SecretMask();
  private final Budget chatter = new Budget(CHATTER_PER_EPISODE);
  private final Budget important = new Budget(IMPORTANT_PER_EPISODE);
  private boolean midLine;
  private boolean writable = true;

  private StderrLog(OutputStream out, Clock clock, boolean midLine) {
    this.out = out;
    this.clock = clock;
    this.midLine = midLine;
  }

  /** What one kind of line may still take of this episode's log. */
  private static final class Budget {
    private long left;
    private boolean exhausted;

    Budget(long left) {
      this.left = left;
    }
  }

  /**
   * Appends to the slot's file; one that earlier episodes made larger than 1 MiB is cut down to its
   * beginning and end first.
   */
  public static StderrLog open(Path slot) throws IOException {
    return open(slot, Clock.system(ZoneId.systemDefault()));
  }

  static StderrLog open(Path slot, Clock clock) throws IOException {
    Path file = slot.resolve(FILE);
    boolean midLine = false;
    if (Files.exists(file) && Files.size(file) > 0) {
      midLine = cutAndLookAtEnd(file);
    }
    // Not a FileChannel: an interrupted thread would close that for all others.
    return new StderrLog(new FileOutputStream(file.toFile(), true), clock, midLine);
  }

  /** In place: the process's own standard error is appended to the same file. */
  private static boolean cutAndLookAtEnd(Path file) throws IOException {
    try (RandomAccessFile inPlace = new RandomAccessFile(file.toFile(), "rw")) {
      if (inPlace.length() > LARGEST_FILE) {
        String kept = HeadAndTail.ofFile(file, KEPT_HEAD, KEPT_TAIL).text();
        String harmless = kept.replace('\0', ' ').replace("]]>", "]] >");
        inPlace.write(harmless.getBytes(StandardCharsets.UTF_8));
        inPlace.setLength(inPlace.getFilePointer());
      }
      inPlace.seek(inPlace.length() - 1);
      return inPlace.read() != '\n';
    }
  }

  /** Replaces this text by {@code ***} in all that follows; shorter than 4 characters: does not. */
  public synchronized void mask(String secret) {
    secrets.add(secret);
  }

  /** A text as it may be shown to others. */
  public synchronized String masked(String text) {
    return secrets.apply(text);
  }

  /** One line, left out when this episode has said too much already. */
  public synchronized void say(String line) {
    lines(line, chatter);
  }

  /** One line that is written in any case: states, causes, results. */
  public synchronized void important(String line) {
    lines(line, important);
  }

  /** Output of a program, left out when this episode has said too much already. */
  public synchronized void block(String title, String text) {
    block(title, text, chatter);
  }

  /** Output of a program that is written in any case, at most its first 8 and last 16 KiB. */
  public synchronized void importantBlock(String title, String text) {
    block(title, text, important);
  }

  /** False: the last write failed, so the disk is probably full. */
  public synchronized boolean writable() {
    return writable;
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }

  private void lines(String text, Budget budget) {
    String prefix = prefix();
    for (String line : secrets.apply(text).lines().toList()) {
      write(prefix + LogLine.clean(line), budget);
      prefix = "    ";
    }
  }

  private void block(String title, String text, Budget budget) {
    HeadAndTail bounded = new HeadAndTail(BLOCK_HEAD, BLOCK_TAIL);
    secrets
        .apply(text)
        .lines()
        .map(line -> ("  | " + LogLine.clean(line) + "\n").getBytes(StandardCharsets.UTF_8))
        .forEach(line -> bounded.append(line, 0, line.length));
    lines(title.replaceAll("\\R", " ") + ":", budget);
    bounded.text().lines().forEach(line -> write(line, budget));
  }

  private void write(String line, Budget budget) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= budget.left) {
      budget.left -= bytes.length;
      append(bytes);
    } else if (!budget.exhausted) {
      budget.exhausted = true;
      budget.left = 0;
      append(
          (prefix() + "this episode's log is full, only what is important follows\n")
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  private void append(byte[] line) {
    try {
      if (midLine) {
        // Also lest half a mark in the old line and half in ours end the CDATA section together.
        out.write('\n');
      }
      midLine = true;
      out.write(line);
      midLine = false;
      writable = true;
    } catch (IOException e) {
      // There is nowhere to say it; the caller asks writable().
      writable = false;
    }
  }

  private String prefix() {
    return "%s (%d): "
        .formatted(TIME.format(LocalDateTime.now(clock)), ProcessHandle.current().pid());
  }
}
