package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The API service of this user's Podman, which whoever needs it starts: all wrappers of one user
 * share one.
 *
 * <p>It is nobody's child, because the client kills the descendants of a wrapper that it ends. It
 * ends by itself soon after its last connection was closed, and who finds it gone starts it again:
 * containers outlive it, as each has a monitor process of its own.
 */
final class PodmanService {
  /** A wrapper that lives has a connection on which it waits; the next job may come soon. */
  private static final long SECONDS_UNUSED = 10;

  private static final long MILLIS_BETWEEN_LOOKS = 10;

  /** Below this nobody asks whether it lives: it needs 0.1 to 0.2 s. */
  private static final int LOOKS_BETWEEN_DOUBTS = 25;

  /** A record lock belongs to the whole process, and is lost with any descriptor of its file. */
  private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

  private final Map<String, String> environment;
  private final Path directory;

  private PodmanService(Map<String, String> environment) {
    this.environment = environment;
    this.directory = ServiceEnvironment.directory(environment);
  }

  /**
   * The one that a process with this environment uses; nothing is started yet.
   *
   * @param environment says where the user's runtime directory is
   */
  static PodmanService of(Map<String, String> environment) {
    return new PodmanService(environment);
  }

  /** Where it listens. */
  Path socket() {
    return directory.resolve("podman.sock");
  }

  private Path log() {
    return directory.resolve("service.log");
  }

  private String url() {
    return Endpoint.UNIX + socket();
  }

  /**
   * Starts it unless it answers.
   *
   * @param patience longer than this it does not take
   * @param wanted asked all the while; the first no cancels
   * @throws TransportException where it can't be started, with the reason
   */
  void ensure(Duration patience, BooleanSupplier wanted) throws IOException {
    if (PrivateDirectory.user().isEmpty()) {
      throw unreachable("this system has no such thing");
    }
    PrivateDirectory.require(directory);
    if (answers()) {
      return;
    }
    Wait wait = new Wait(System.nanoTime() + patience.toNanos(), wanted);
    wait.until("another thread starts it still", IN_THIS_PROCESS::tryLock);
    try (FileChannel lock =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Closing the file gives the lock back.
      wait.until("another wrapper starts it still", () -> lock.tryLock() != null);
      if (!answers()) {
        launch();
        awaitAnswer(wait);
      }
    } finally {
      IN_THIS_PROCESS.unlock();
    }
  }

  private boolean answers() {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(socket()));
    } catch (IOException silent) {
      return false;
    }
  }

  private void launch() throws IOException {
    String podman = program("podman");
    // Its own session, and a parent that ends at once: so it becomes a child of init.
    ProcessBuilder builder =
        new ProcessBuilder(
            program("setsid"),
            "--fork",
            podman,
            "--log-level=error",
            "system",
            "service",
            "--time=" + SECONDS_UNUSED,
            url());
    builder.environment().clear();
    builder.environment().putAll(ServiceEnvironment.of(environment));
    // The slot directory must not stay in use.
    builder.directory(Path.of("/").toFile());
    builder.redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectErrorStream(true).redirectOutput(log().toFile());
    try {
      Process forking = builder.start();
      if (!forking.waitFor(10, TimeUnit.SECONDS)) {
        forking.destroyForcibly();
      }
    } catch (IOException e) {
      throw unreachable(podman + " can't be started: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TransportException.cancelled();
    }
  }

  private String program(String name) throws TransportException {
    return Program.find(name, environment)
        .orElseThrow(() -> unreachable("there is no program " + name + " on the PATH"))
        .toString();
  }

  private void awaitAnswer(Wait wait) throws IOException {
    int[] looks = {0};
    try {
      wait.until(
          "it was started and does not listen",
          () -> {
            if (answers()) {
              return true;
            }
            if (++looks[0] % LOOKS_BETWEEN_DOUBTS == 0 && processes().findAny().isEmpty()) {
              throw unreachable("it ended at once: " + lastWords());
            }
            return false;
          });
    } catch (TransportException late) {
      // It is in nobody's use and perhaps never would end.
      processes().forEach(ProcessHandle::destroyForcibly);
      throw late;
    }
  }

  /** Those that listen, or will listen, on this socket. */
  private Stream<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process
                    .info()
                    .arguments()
                    .filter(words -> Arrays.asList(words).contains(url()))
                    .isPresent());
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(log());
    return lines.isEmpty() ? "it said nothing" : lines.getLast();
  }

  private static TransportException unreachable(String why) {
    return new TransportException(
        Fault.UNREACHABLE, "Podman's service can't be started: " + why, null);
  }

  /** Something that may have come true. */
  private interface Condition {
    boolean holds() throws IOException;
  }

  private record Wait(long end, BooleanSupplier wanted) {
    void until(String otherwise, Condition condition) throws IOException {
      while (!condition.holds()) {
        if (!wanted.getAsBoolean()) {
          throw TransportException.cancelled();
        }
        if (System.nanoTime() - end >= 0) {
          throw new TransportException(
              Fault.TIMEOUT, "Podman's service did not answer in time: " + otherwise, null);
        }
        try {
          Thread.sleep(MILLIS_BETWEEN_LOOKS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw TransportException.cancelled();
        }
      }
    }
  }
}
