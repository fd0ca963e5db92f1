package org.boinc.dockerwrapper.run;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.boinc.dockerwrapper.run.JobEvent.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@link JobEvent}s. Appends and never waits for the disk: what a power failure loses is in
 * the journal where it matters. Where it can't be written, on a full disk for example, events are
 * lost and the job goes on. For any thread.
 */
public final class EventLog implements AutoCloseable {
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final int LARGEST_BEFORE = 256 << 10;
  private static final int KEPT = 128 << 10;
  private static final int PER_EPISODE = 256 << 10;
  private static final int LONGEST_TEXT = 4096;

  /** For the last event, where the episode has used up its part. */
  private static final int RESERVE = 32 << 10;

  private final UnaryOperator<String> mask;
  private final long pid = ProcessHandle.current().pid();
  private @Nullable OutputStream out;
  private int left = PER_EPISODE;
  private boolean full;
  private Map<String, Object> account = Map.of();
  private String lastFailure = "";

  private EventLog(@Nullable OutputStream out, UnaryOperator<String> mask) {
    this.out = out;
    this.mask = mask;
  }

  /**
   * Goes on with the slot's file, of which an older part may be cut off.
   *
   * @param mask takes secrets out of a text
   */
  public static EventLog open(Path slot, UnaryOperator<String> mask) {
    Path file = slot.resolve(JobEvent.FILE);
    try {
      if (Files.isSymbolicLink(file)) {
        // One of the job's files bears this name; what it leads to is not for us to write.
        return new EventLog(null, mask);
      }
      if (Files.exists(file)) {
        cut(file);
      }
      return new EventLog(new FileOutputStream(file.toFile(), true), mask);
    } catch (IOException notWritable) {
      return new EventLog(null, mask);
    }
  }

  /** Down to whole lines of its end, or to nothing where it is no file of ours. */
  private static void cut(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "rw")) {
      boolean ours = in.read() == '{';
      if (ours && in.length() <= LARGEST_BEFORE) {
        return;
      }
      byte[] end = new byte[ours ? KEPT : 0];
      in.seek(in.length() - end.length);
      in.readFully(end);
      int start = 0;
      while (start < end.length && end[start] != '\n') {
        start++;
      }
      in.seek(0);
      in.write(end, Math.min(start + 1, end.length), Math.max(0, end.length - start - 1));
      in.setLength(in.getFilePointer());
    }
  }

  /** An episode begins. */
  public void begin(String wrapper) {
    write(Kind.BEGIN, "docker_wrapper " + wrapper, Map.of("wrapper", wrapper));
  }

  void engine(EngineFacts engine) {
    String product = engine.product().toString();
    write(
        Kind.ENGINE,
        product + " " + engine.version() + " at " + engine.endpoint(),
        members("product", product, "version", engine.version(), "endpoint", engine.endpoint()));
  }

  void image(String name, String id) {
    write(Kind.IMAGE, "the image is " + name, members("image", name, "id", id));
  }

  void state(String from, String to) {
    write(Kind.STATE, from + " -> " + to, members("from", from, "to", to));
  }

  /** Told only where it took long. */
  void call(String what, Duration took) {
    if (took.compareTo(SLOW) >= 0) {
      double seconds = took.toMillis() / 1000.0;
      write(Kind.SLOW, what + " took " + seconds + " s", Map.of("seconds", seconds));
    }
  }

  /** The same again and again, as of an engine that is away, is told once. */
  synchronized void failed(Step step, Failure failure) {
    if (failure instanceof Failure.Cancelled || failure.sentence().equals(lastFailure)) {
      return;
    }
    lastFailure = failure.sentence();
    write(
        Kind.FAILED,
        failure.sentence(),
        members("step", step.name(), "why", failure.getClass().getSimpleName()));
  }

  void limit(LimitKind limit, String sentence) {
    write(Kind.LIMIT, sentence, Map.of("limit", limit.name()));
  }

  /** What the job has used up to now, for the end of the episode. */
  synchronized void used(double cpuSeconds, double runSeconds, long receivedBytes, long sentBytes) {
    account =
        Map.of(
            "cpu_seconds", cpuSeconds,
            "run_seconds", runSeconds,
            "received_bytes", receivedBytes,
            "sent_bytes", sentBytes);
  }

  /** The episode ends. */
  public synchronized void end(Outcome outcome) {
    Map<String, Object> more = members("outcome", outcome.getClass().getSimpleName());
    more.put("status", outcome.exitPlan().status());
    more.putAll(account);
    left += RESERVE;
    full = false;
    write(Kind.END, String.join("; ", outcome.sentences()), more);
  }

  private static Map<String, Object> members(String... namesAndValues) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return members;
  }

  private synchronized void write(Kind kind, String text, Map<String, Object> more) {
    String safe = mask.apply(text);
    String cut = safe.length() > LONGEST_TEXT ? safe.substring(0, LONGEST_TEXT) + "…" : safe;
    append(new JobEvent(System.currentTimeMillis(), pid, kind, cut, more));
  }

  private void append(JobEvent event) {
    byte[] line = event.line().getBytes(StandardCharsets.UTF_8);
    OutputStream file = out;
    if (file == null || full) {
      return;
    }
    if (line.length > left) {
      full = true;
      line =
          new JobEvent(event.at(), pid, Kind.FULL, "this episode told too much", Map.of())
              .line()
              .getBytes(StandardCharsets.UTF_8);
    }
    left -= line.length;
    try {
      file.write(line);
    } catch (IOException diskFull) {
      // An event is not worth a job; stderr.txt tells of the disk.
      out = null;
    }
  }

  @Override
  public synchronized void close() {
    OutputStream file = out;
    if (file != null) {
      try {
        file.close();
      } catch (IOException notWritten) {
        out = null;
      }
    }
  }
}
