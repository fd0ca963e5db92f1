package org.boinc.dockerwrapper.engine;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** A command in a running container with which a person, or a pipe, talks. */
public final class Conversation {
  private static final int PIECE = 32 * 1024;
  private static final long MILLIS_BETWEEN_LOOKS = 50;
  private static final int LOOKS = 100;

  private final Sessions sessions;
  private final String what;
  private final String id;
  private final boolean terminal;

  Conversation(Sessions sessions, String what, String id, boolean terminal) {
    this.sessions = sessions;
    this.what = what;
    this.id = id;
    this.terminal = terminal;
  }

  /**
   * Runs the command to its end.
   *
   * @param input what it reads, if it was prepared for that
   * @param sink of what it says; all of it is {@link LogSink.Stream#STDOUT} on a terminal
   * @return its exit status
   * @throws IOException of the sink
   */
  public int run(Optional<InputStream> input, LogSink sink) throws EngineException, IOException {
    JsonObject document = new JsonObject();
    document.addProperty("Detach", false);
    document.addProperty("Tty", terminal);
    try (Session session = sessions.watch()) {
      converse(session, document, input, sink);
    } catch (EngineException broken) {
      // Podman breaks the connection of a command that ends without having heard all of its input.
      if (broken.fault() != Fault.UNREACHABLE) {
        throw broken;
      }
    }
    return status();
  }

  private void converse(
      Session session, JsonObject document, Optional<InputStream> input, LogSink sink)
      throws EngineException, IOException {
    session.converse(
        what,
        EngineRequest.hijack("/exec/" + id + "/start", document),
        input,
        said -> {
          if (terminal) {
            copy(said, sink);
          } else {
            LogFrames.read(said, sink);
          }
          return true;
        });
  }

  private static void copy(InputStream said, LogSink sink) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int count = said.read(piece); count >= 0; count = said.read(piece)) {
      try {
        sink.accept(LogSink.Stream.STDOUT, Arrays.copyOf(piece, count));
      } catch (IOException e) {
        throw new HostFileException(e);
      }
    }
  }

  /** The engine may close the connection a moment before it knows how the command ended. */
  private int status() throws EngineException {
    for (int look = 0; look < LOOKS; look++) {
      Json command;
      try (Session session = sessions.action()) {
        command = session.demand(what, EngineRequest.get("/exec/" + id + "/json"));
      }
      if (!command.path("Running").flag()) {
        return (int) command.path("ExitCode").number();
      }
      try {
        Thread.sleep(MILLIS_BETWEEN_LOOKS);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw EngineException.of(Fault.CANCELLED, what, "the thread was interrupted");
      }
    }
    throw EngineException.of(
        Fault.UNREACHABLE, what, "the connection broke, and the command still runs");
  }

  /**
   * Tells the command how large its terminal is now, while it runs.
   *
   * @throws EngineException also where it has not begun yet
   */
  public void resize(int rows, int columns) throws EngineException {
    try (Session session = sessions.action()) {
      session.act(
          "resizing the terminal of " + what,
          EngineRequest.post(
              "/exec/" + id + "/resize",
              Map.of("h", Integer.toString(rows), "w", Integer.toString(columns))));
    }
  }
}
