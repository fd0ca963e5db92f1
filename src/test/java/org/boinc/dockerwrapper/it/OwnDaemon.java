package org.boinc.dockerwrapper.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.Endpoint;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.EngineLocator;

/**
 * An engine that belongs to one test, which may kill it or spoil its storage. All that it keeps is
 * below one directory.
 */
final class OwnDaemon implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final Path socket;
  private final List<String> command;
  private Optional<Process> process = Optional.empty();

  private OwnDaemon(Path directory, Path socket, List<String> command) {
    this.directory = directory;
    this.socket = socket;
    this.command = command;
  }

  /** A dockerd in a network of its own, where it can't get at the bridge of another one. */
  static OwnDaemon docker(Path directory) throws IOException {
    Path socket = directory.resolve("d.sock");
    Path settings = Files.writeString(directory.resolve("daemon.json"), "{}");
    return new OwnDaemon(
        directory,
        socket,
        List.of(
            "unshare",
            "--net",
            "dockerd",
            "--config-file=" + settings,
            "--host=unix://" + socket,
            "--data-root=" + directory.resolve("data"),
            "--exec-root=" + directory.resolve("exec"),
            "--pidfile=" + directory.resolve("d.pid"),
            "--containerd-namespace=" + directory.getFileName(),
            "--containerd-plugins-namespace=p-" + directory.getFileName(),
            "--storage-driver=vfs",
            "--iptables=false",
            "--ip-masq=false",
            "--ip-forward=false",
            "--shutdown-timeout=5"));
  }

  /**
   * Podman's service; where there is no Podman it is installed first.
   *
   * @param prefix what runs it, such as {@code setpriv} with its options
   * @param directory belongs to the user who runs it
   */
  static OwnDaemon podman(Path directory, List<String> prefix)
      throws IOException, InterruptedException {
    run(scriptsEngines("start", "podman"));
    Path socket = directory.resolve("p.sock");
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            "podman",
            "--root=" + directory.resolve("data"),
            "--runroot=" + directory.resolve("run"),
            "--storage-driver=vfs",
            "system",
            "service",
            "--time=0",
            "unix://" + socket));
    return new OwnDaemon(directory, socket, command);
  }

  Endpoint.UnixSocket endpoint() {
    return new Endpoint.UnixSocket(socket);
  }

  /** Below this is what it stores. */
  Path data() {
    return directory.resolve("data");
  }

  /** Starts it, again if need be, and returns when it answers. */
  void start() throws Exception {
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    process = Optional.of(started);
    Await.until(
        "an answer at " + socket,
        PATIENCE,
        () -> {
          if (!started.isAlive()) {
            throw new AssertionError(command.getFirst() + " ended: " + Files.readString(log()));
          }
          return EngineLocator.at(endpoint(), PATIENCE) instanceof EngineLocator.Located.Found;
        });
  }

  private Path log() {
    return directory.resolve("log");
  }

  /** Makes the test image there. */
  void makeImages() throws IOException, InterruptedException {
    ProcessBuilder script = scriptsEngines("images", "docker");
    script.environment().put("DOCKER_HOST", endpoint().toString());
    run(script);
  }

  private static ProcessBuilder scriptsEngines(String verb, String engine) {
    return new ProcessBuilder(Path.of("scripts/engines").toAbsolutePath().toString(), verb, engine);
  }

  private static void run(ProcessBuilder command) throws IOException, InterruptedException {
    int status = command.inheritIO().start().waitFor();
    if (status != 0) {
      throw new AssertionError(command.command() + " ended with status " + status);
    }
  }

  /** All containers there with these labels. */
  List<ContainerSighting> containers(Map<String, String> labels) throws EngineException {
    try (Engine engine = Engine.connect(endpoint(), PATIENCE)) {
      return engine.containers().find(labels);
    }
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.orElseThrow().destroyForcibly().waitFor();
    process = Optional.empty();
  }

  /** Its children and what it has mounted it does not always take with it. */
  @Override
  public void close() throws IOException {
    try {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the engine of a test was ended", e);
    }
  }

  private void end() throws IOException, InterruptedException {
    if (process.isPresent()) {
      List<ProcessHandle> children = process.get().descendants().toList();
      process.get().destroy();
      if (!process.get().waitFor(Duration.ofSeconds(30))) {
        process.get().destroyForcibly().waitFor();
      }
      children.forEach(ProcessHandle::destroyForcibly);
    }
    List<String> mounted =
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
            .map(line -> line.split(" ", -1)[1])
            .filter(place -> place.startsWith(directory + "/"))
            .toList();
    for (String place : mounted.reversed()) {
      run(new ProcessBuilder("umount", "--lazy", place));
    }
  }
}
