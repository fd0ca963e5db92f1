package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A named pipe, with Windows' answers. */
class WindowsPipeTest {
  private static final String NAME = "//./pipe/docker_engine";

  private final List<String> asked = new ArrayList<>();
  private final Server server = new Server();

  /** The other side: hands out its messages, keeps what it gets; a read takes one message. */
  private static final class Server extends AsynchronousFileChannel {
    final Deque<String> messages = new ArrayDeque<>();
    final List<String> got = new ArrayList<>();
    boolean open = true;

    @Override
    public Future<Integer> read(ByteBuffer to, long position) {
      byte[] message = messages.remove().getBytes(StandardCharsets.UTF_8);
      to.put(message);
      return CompletableFuture.completedFuture(message.length);
    }

    /** Takes four bytes at most, as a full pipe may. */
    @Override
    public Future<Integer> write(ByteBuffer from, long position) {
      byte[] taken = new byte[Math.min(4, from.remaining())];
      from.get(taken);
      got.add(new String(taken, StandardCharsets.UTF_8));
      return CompletableFuture.completedFuture(taken.length);
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }

    @Override
    public <A> void read(
        ByteBuffer to, long at, A with, CompletionHandler<Integer, ? super A> handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <A> void write(
        ByteBuffer from, long at, A with, CompletionHandler<Integer, ? super A> handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <A> void lock(
        long at, long size, boolean shared, A with, CompletionHandler<FileLock, ? super A> to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<FileLock> lock(long at, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long size() {
      throw new UnsupportedOperationException();
    }

    @Override
    public AsynchronousFileChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void force(boolean metaData) {
      throw new UnsupportedOperationException();
    }
  }

  private WindowsPipe answering(IOException... answers) {
    Deque<IOException> left = new ArrayDeque<>(List.of(answers));
    return new WindowsPipe(
        NAME,
        name -> {
          asked.add(name);
          if (left.isEmpty()) {
            return server;
          }
          throw left.remove();
        });
  }

  private static FileSystemException busy() {
    return new FileSystemException(NAME, null, "All pipe instances are busy");
  }

  @Test
  void itsNameHasBackslashesAndABusyPipeIsAskedAgain() throws IOException {
    WindowsPipe pipe = answering(busy(), busy());
    pipe.open(Duration.ofSeconds(60));
    String name = "\\\\.\\pipe\\docker_engine";
    assertEquals(List.of(name, name, name), asked);
  }

  @Test
  void aPipeThatStaysBusyIsNotReached() {
    TransportException failure =
        assertThrows(
            TransportException.class, () -> answering(busy()).open(Duration.ofSeconds(-1)));
    assertEquals(Fault.UNREACHABLE, failure.fault());
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("nobody answers at named pipe \\\\.\\pipe"),
        failure::toString);
  }

  @Test
  void aPipeThatIsNotThereAndOneThatIsForbiddenAreToldApart() {
    WindowsPipe absent = answering(new NoSuchFileException(NAME));
    TransportException none =
        assertThrows(TransportException.class, () -> absent.open(Duration.ofSeconds(60)));
    assertEquals(Fault.UNREACHABLE, none.fault());
    assertEquals("there is no named pipe \\\\.\\pipe\\docker_engine", none.getMessage());
    WindowsPipe forbidden = answering(new AccessDeniedException(NAME));
    TransportException denied =
        assertThrows(TransportException.class, () -> forbidden.open(Duration.ofSeconds(60)));
    assertEquals(Fault.DENIED, denied.fault());
  }

  @Test
  void allIsWrittenAndAMessageOfNoBytesIsTheEndInBothDirections() throws IOException {
    WindowsPipe pipe = answering();
    pipe.open(Duration.ofSeconds(60));
    pipe.write("a request!".getBytes(StandardCharsets.UTF_8), 9);
    pipe.endOutput();
    assertEquals(List.of("a re", "ques", "t", ""), server.got);
    server.messages.addAll(List.of("answer", ""));
    byte[] to = new byte[64];
    assertEquals(6, pipe.read(to));
    assertEquals("answer", new String(to, 0, 6, StandardCharsets.UTF_8));
    assertEquals(-1, pipe.read(to));
  }

  @Test
  void onceClosedItIsNotOpenedLater() throws IOException {
    WindowsPipe pipe = answering();
    pipe.close();
    assertThrows(TransportException.class, () -> pipe.open(Duration.ofSeconds(60)));
    assertTrue(!server.open, "the channel is closed again");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void elsewhereThereAreNoSuchPipes() {
    TransportException failure =
        assertThrows(
            TransportException.class, () -> new WindowsPipe(NAME).open(Duration.ofSeconds(60)));
    assertEquals(
        "named pipe \\\\.\\pipe\\docker_engine can only be reached on Windows",
        failure.getMessage());
  }
}
