package org.boinc.dockerwrapper.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.boinc.dockerwrapper.it.Await;
import org.boinc.dockerwrapper.it.TestUser;

/**
 * Debian's BOINC client, with a data directory, a port for {@code boinccmd} and a password of its
 * own. Where the tests run as root it runs as the unprivileged user of scripts/engines.
 */
final class BoincClient {
  /** For machines that are busy with other things; a quiet one needs seconds. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final String PASSWORD = "loopback";

  private final Path data;
  private final Path log;
  private final Map<String, String> environment;
  private int port;
  private Process process;

  /**
   * Nothing runs yet.
   *
   * @param data the data directory, laid out and owned by the client's user
   * @param log gets what the client says
   * @param environment of the client, and so of the wrapper; no other variable gets there
   */
  BoincClient(Path data, Path log, Map<String, String> environment) {
    this.data = data;
    this.log = log;
    this.environment = environment;
  }

  Path data() {
    return data;
  }

  /** Starts the client and waits until it obeys. */
  void start() throws Exception {
    port = freePort();
    Files.writeString(data.resolve("gui_rpc_auth.cfg"), PASSWORD);
    TestUser.own(data);
    process =
        new ProcessBuilder(command())
            .directory(data.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Await.until(
        "the client answers boinccmd",
        PATIENCE,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the client ended with status " + process.exitValue());
          }
          return boinccmd("--get_state").status() == 0;
        });
  }

  private List<String> command() {
    List<String> words = new ArrayList<>(TestUser.prefix());
    // Neither a proxy nor a locale of whoever runs the tests.
    words.addAll(List.of("env", "-i", "--default-signal=HUP,INT,TERM"));
    environment.forEach((name, value) -> words.add(name + "=" + value));
    words.addAll(
        List.of(
            "boinc",
            "--dir",
            data.toString(),
            "--allow_multiple_clients",
            "--gui_rpc_port",
            Integer.toString(port),
            "--no_gpus",
            "--no_info_fetch",
            "--skip_cpu_benchmarks"));
    return words;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** How a command went. */
  record Answer(int status, String text) {}

  /** Tells the client something; it must obey. */
  String tell(String... words) throws IOException, InterruptedException {
    Answer answer = boinccmd(words);
    if (answer.status() != 0) {
      throw new AssertionError("boinccmd %s: %s".formatted(List.of(words), answer.text()));
    }
    return answer.text();
  }

  private Answer boinccmd(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("boinccmd", "--host", "127.0.0.1:" + port, "--passwd", PASSWORD));
    command.addAll(List.of(words));
    Process asked = new ProcessBuilder(command).redirectErrorStream(true).start();
    asked.getOutputStream().close();
    String text = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(asked.waitFor(), text);
  }

  /** Asks the client to end, and waits: it looks every 6 seconds whether its jobs have ended. */
  void quit() throws Exception {
    tell("--quit");
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the client does not end");
    }
  }

  /** The client's machine seems to lose it: no word to its jobs. */
  void kill9() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  boolean runs() {
    return process != null && process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** All that the client has said. */
  String log() throws IOException {
    return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
  }

  /** Kills it if it runs. */
  void close() throws InterruptedException {
    if (runs()) {
      kill9();
    }
  }
}
