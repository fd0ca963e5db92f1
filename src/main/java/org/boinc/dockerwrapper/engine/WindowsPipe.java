package org.boinc.dockerwrapper.engine;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A named pipe of Windows. Only an asynchronous channel reads and writes one at the same time: of a
 * plain file handle, a read in progress holds up writing and closing (from Windows' documentation;
 * this class has never run on Windows).
 */
final class WindowsPipe implements BlockingPipe {
  private static final long BUSY_MILLIS = 20;

  /** How a pipe is opened: a test has no Windows. */
  interface Opener {
    AsynchronousFileChannel open(String name) throws IOException;
  }

  private final String name;
  private final Opener opener;
  private @Nullable AsynchronousFileChannel channel;
  private boolean closed;

  /**
   * @param name with slashes
   */
  WindowsPipe(String name) {
    this(name, WindowsPipe::openOnWindows);
  }

  WindowsPipe(String name, Opener opener) {
    this.name = name.replace('/', '\\');
    this.opener = opener;
  }

  private static AsynchronousFileChannel openOnWindows(String name) throws IOException {
    if (File.separatorChar != '\\') {
      throw new TransportException(
          Fault.UNREACHABLE, "named pipe " + name + " can only be reached on Windows", null);
    }
    return AsynchronousFileChannel.open(
        Path.of(name), StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public void open(Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    AsynchronousFileChannel opened = tryToOpen(end);
    while (opened == null) {
      pause();
      opened = tryToOpen(end);
    }
    synchronized (this) {
      channel = opened;
    }
    if (isClosed()) {
      close();
      throw TransportException.cancelled();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Null while every instance of the pipe has its client; the server makes another at once. */
  private @Nullable AsynchronousFileChannel tryToOpen(long end) throws TransportException {
    try {
      return opener.open(name);
    } catch (TransportException decided) {
      throw decided;
    } catch (NoSuchFileException absent) {
      throw new TransportException(Fault.UNREACHABLE, "there is no named pipe " + name, absent);
    } catch (AccessDeniedException denied) {
      throw new TransportException(
          Fault.DENIED, "this user may not open named pipe " + name, denied);
    } catch (FileSystemException busy) {
      if (System.nanoTime() - end >= 0 || isClosed()) {
        throw unreachable(busy);
      }
      return null;
    } catch (IOException broken) {
      throw unreachable(broken);
    }
  }

  private TransportException unreachable(IOException cause) {
    return new TransportException(
        Fault.UNREACHABLE,
        "nobody answers at named pipe " + name + ": " + cause.getMessage(),
        cause);
  }

  private static void pause() throws TransportException {
    try {
      Thread.sleep(BUSY_MILLIS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw TransportException.cancelled();
    }
  }

  private synchronized AsynchronousFileChannel channel() throws IOException {
    if (channel == null) {
      throw new IOException("the pipe is not open");
    }
    return channel;
  }

  /** A message of no bytes is how Docker's server ends its side. */
  @Override
  public int read(byte[] to) throws IOException {
    int count = await(channel().read(ByteBuffer.wrap(to), 0));
    return count == 0 ? -1 : count;
  }

  @Override
  public void write(byte[] from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(from, 0, count);
    while (bytes.hasRemaining()) {
      await(channel().write(bytes, 0));
    }
  }

  /** A message of no bytes, as Docker's own client sends it. */
  @Override
  public void endOutput() throws IOException {
    await(channel().write(ByteBuffer.allocate(0), 0));
  }

  private static int await(Future<Integer> pending) throws IOException {
    try {
      return pending.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException broken ? broken : new IOException(e);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }

  @Override
  public Optional<String> complaint(boolean answered) {
    return Optional.empty();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException alreadyGone) {
        channel = null;
      }
    }
  }
}
