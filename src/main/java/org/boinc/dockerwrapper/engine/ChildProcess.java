package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program whose standard input and output are the connection. It is killed when the connection
 * closes: it relays bytes and has nothing to tidy up.
 */
final class ChildProcess implements BlockingPipe {
  private static final int LAST_WORDS = 4096;

  /** How long a program may live, or say something, after it closed its output. */
  private static final long FAREWELL_MILLIS = 1000;

  private final Endpoint.Command command;
  private final LastWords lastWords = new LastWords();
  private @Nullable Process process;
  private boolean closed;

  ChildProcess(Endpoint.Command command) {
    this.command = command;
  }

  @Override
  public void open(Duration patience) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command.words()));
    ServiceEnvironment.clean(builder.environment());
    String name = command.words().getFirst();
    Path program =
        Program.find(name, builder.environment())
            .orElseThrow(
                () ->
                    new TransportException(
                        Fault.UNREACHABLE, "there is no program " + name + " on the PATH", null));
    builder.command().set(0, program.toString());
    synchronized (this) {
      if (closed) {
        throw TransportException.cancelled();
      }
      try {
        process = builder.start();
      } catch (IOException e) {
        throw new TransportException(
            Fault.UNREACHABLE, program + " can't be started: " + e.getMessage(), e);
      }
      lastWords.collect(process.getErrorStream());
    }
  }

  private synchronized Process process() throws IOException {
    if (process == null) {
      throw new IOException("the program does not run");
    }
    return process;
  }

  @Override
  public int read(byte[] to) throws IOException {
    return process().getInputStream().read(to);
  }

  @Override
  public void write(byte[] from, int count) throws IOException {
    OutputStream stdin = process().getOutputStream();
    stdin.write(from, 0, count);
    stdin.flush();
  }

  @Override
  public void endOutput() throws IOException {
    process().getOutputStream().close();
  }

  @Override
  public Optional<String> complaint(boolean answered) {
    try {
      Process ending = process();
      boolean over = ending.waitFor(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
      if (answered && !(over && ending.exitValue() != 0)) {
        return Optional.empty();
      }
      String said = lastWords.line();
      return Optional.of(
          "%s %s%s"
              .formatted(
                  Path.of(command.words().getFirst()).getFileName(),
                  over ? "ended with status " + ending.exitValue() : "closed its output",
                  said.isEmpty() ? " and said nothing" : ": " + said));
    } catch (IOException neverRan) {
      return Optional.of(String.valueOf(neverRan.getMessage()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (process != null) {
      process.destroyForcibly();
    }
  }

  /** The end of what the program writes to its standard error. */
  private static final class LastWords {
    private final StringBuilder text = new StringBuilder();
    private @Nullable Thread collector;

    synchronized void collect(InputStream stderr) {
      collector = Thread.ofPlatform().daemon().name("pipe-err").start(() -> read(stderr));
    }

    /** Must read on whatever comes: a full pipe would stop the program. */
    private void read(InputStream stderr) {
      byte[] buffer = new byte[LAST_WORDS];
      try {
        for (int count = stderr.read(buffer); count >= 0; count = stderr.read(buffer)) {
          add(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
      } catch (IOException gone) {
        add("");
      }
    }

    private synchronized void add(String more) {
      text.append(more);
      text.delete(0, Math.max(0, text.length() - LAST_WORDS));
    }

    /** The last line that is not empty; waits a little for it. */
    String line() throws InterruptedException {
      Thread reading;
      synchronized (this) {
        reading = collector;
      }
      if (reading != null) {
        reading.join(Duration.ofMillis(FAREWELL_MILLIS));
      }
      synchronized (this) {
        String all = text.toString().strip();
        return all.substring(all.lastIndexOf('\n') + 1).strip();
      }
    }
  }
}
