package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Commands that run beside the job in its container. */
public final class Commands {
  private final Sessions sessions;

  Commands(Sessions sessions) {
    this.sessions = sessions;
  }

  /**
   * Prepares a command of a person's, as the container's user in its working directory. What it
   * says is one stream where it has a terminal.
   *
   * @param terminal whether it gets one
   * @param environment more than the container's
   * @throws EngineException CONFLICT if the container does not run
   */
  public Conversation prepare(
      String container,
      List<String> command,
      boolean input,
      boolean terminal,
      Map<String, String> environment)
      throws EngineException {
    String what = "running '%s' in container %s".formatted(String.join(" ", command), container);
    JsonObject document = new JsonObject();
    document.add("Cmd", Json.of(command));
    document.addProperty("AttachStdin", input);
    document.addProperty("AttachStdout", true);
    document.addProperty("AttachStderr", true);
    document.addProperty("Tty", terminal);
    document.add(
        "Env",
        Json.of(
            environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList()));
    EngineRequest request =
        EngineRequest.post(EngineRequest.container(container, "/exec"), Map.of(), document);
    try (Session session = sessions.action()) {
      String id = session.demand(what, request).path("Id").text();
      return new Conversation(sessions, what, id, terminal);
    }
  }

  /**
   * Runs a command as the container's user in its working directory, and waits for its end.
   *
   * @param limit after which it is left alone, with what the engine needs to start it; it ends with
   *     the container at the latest
   * @return its exit status
   * @throws EngineException CONFLICT if the container does not run, TIMEOUT if the limit passed
   * @throws IOException of the sink
   */
  public int run(String container, List<String> command, Duration limit, LogSink sink)
      throws EngineException, IOException {
    String what = "running '%s' in container %s".formatted(String.join(" ", command), container);
    long end = System.nanoTime() + limit.toNanos();
    try (Session session = sessions.transfer(Duration.ZERO)) {
      String id =
          session.call(
              what,
              docker ->
                  docker
                      .execCreateCmd(container)
                      .withCmd(command.toArray(String[]::new))
                      .withAttachStdout(true)
                      .withAttachStderr(true)
                      .exec()
                      .getId());
      session.stream(
          what,
          left(end),
          docker -> docker.execStartCmd(id),
          (Frame frame) ->
              sink.accept(
                  frame.getStreamType() == StreamType.STDERR
                      ? LogSink.Stream.STDERR
                      : LogSink.Stream.STDOUT,
                  frame.getPayload().clone()));
      Long status =
          session.call(what, docker -> docker.inspectExecCmd(id).exec().getExitCodeLong());
      return Math.toIntExact(Objects.requireNonNullElse(status, 0L));
    }
  }

  /** Never zero, which would be without a limit. */
  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(Duration.ofMillis(1).toNanos(), end - System.nanoTime()));
  }
}
