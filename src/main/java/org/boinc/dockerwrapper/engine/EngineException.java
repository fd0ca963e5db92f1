package org.boinc.dockerwrapper.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.google.common.base.Throwables;
import com.google.gson.JsonNull;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call to the engine failed; the message is one sentence of bounded length. */
public final class EngineException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 2048;

  private final Fault fault;
  private final transient @Nullable BuildFailed build;

  private EngineException(
      Fault fault, String sentence, @Nullable BuildFailed build, @Nullable Throwable cause) {
    super(sentence, cause);
    this.fault = fault;
    this.build = build;
  }

  /** What a caller decides by. */
  public Fault fault() {
    return fault;
  }

  /** Present when an image build failed, not the call itself. */
  public Optional<BuildFailed> buildFailed() {
    return Optional.ofNullable(build);
  }

  /** Whether the engine answered that the request makes no sense. */
  boolean isBadRequest() {
    return getCause() instanceof DockerException answer && answer.getHttpStatus() == 400;
  }

  /** The message, never null. */
  public String sentence() {
    return Objects.requireNonNull(getMessage());
  }

  /**
   * @param what that was tried and on which object, such as "starting container x"
   * @param said by the engine
   */
  static EngineException of(Fault fault, String what, String said) {
    return new EngineException(fault, sentence(what, said), null, null);
  }

  /** An error that the engine reports within a stream, where there is no status any more. */
  static EngineException inStream(String what, String said) {
    return of(isFull(said) ? Fault.NO_SPACE : Fault.REFUSED, what, said);
  }

  static EngineException ofBuild(String what, String said, BuildFailed build) {
    Fault fault = isFull(said) ? Fault.NO_SPACE : Fault.REFUSED;
    return new EngineException(fault, sentence(what, said), build, null);
  }

  /** The same failure with what is known of the build. */
  static EngineException ofBuild(EngineException refused, BuildFailed build) {
    return new EngineException(refused.fault, refused.sentence(), build, refused);
  }

  /**
   * Classifies what docker-java or the transport threw; empty for anything that is not about the
   * engine, which is a defect and goes on as it is.
   */
  static Optional<EngineException> classify(String what, Throwable thrown) {
    for (Throwable cause : Throwables.getCausalChain(thrown)) {
      switch (cause) {
        case EngineException done -> {
          return Optional.of(done);
        }
        case DockerException answer -> {
          return Optional.of(ofAnswer(what, answer));
        }
        case TransportException transport -> {
          return Optional.of(wrap(transport.fault(), what, transport));
        }
        case JsonProcessingException strange -> {
          return Optional.of(wrap(Fault.REFUSED, what, strange));
        }
        case JsonParseException strange -> {
          return Optional.of(wrap(Fault.REFUSED, what, strange));
        }
        case DockerClientException strange -> {
          return Optional.of(wrap(Fault.REFUSED, what, strange));
        }
        case IOException broken -> {
          return Optional.of(wrap(Fault.UNREACHABLE, what, broken));
        }
        default -> {
          // a wrapper: its cause says more
        }
      }
    }
    return Optional.empty();
  }

  private static EngineException wrap(Fault fault, String what, Exception cause) {
    return new EngineException(
        fault, sentence(what, String.valueOf(cause.getMessage())), null, cause);
  }

  /**
   * An answer that is an error.
   *
   * @param body mostly {@code {"message": "…"}}
   */
  static EngineException ofAnswer(String what, int status, String body) {
    return ofAnswer(what, status, body, null);
  }

  private static EngineException ofAnswer(
      String what, int status, String body, @Nullable DockerException answer) {
    Json document = document(body);
    String message = document.path("message").text();
    String said = message.isEmpty() ? body : message;
    return new EngineException(
        PodmanTraits.fault(status, document).orElseGet(() -> byStatus(status, said)),
        sentence(what, said + " (status " + status + ")"),
        null,
        answer);
  }

  /** docker-java's message is "Status 404: " and the answer's body. */
  private static EngineException ofAnswer(String what, DockerException answer) {
    String message = String.valueOf(answer.getMessage());
    String body = message.substring(message.indexOf(':') + 1).strip();
    return ofAnswer(what, answer.getHttpStatus(), body, answer);
  }

  private static Fault byStatus(int status, String said) {
    return switch (status) {
      case 401, 403 -> Fault.DENIED;
      case 404 -> Fault.NOT_FOUND;
      case 408, 504 -> Fault.TIMEOUT;
      case 409 -> Fault.CONFLICT;
      case 502, 503 -> Fault.UNREACHABLE;
      default -> isFull(said) ? Fault.NO_SPACE : Fault.REFUSED;
    };
  }

  /**
   * ENOSPC's text is the only sign of a full disk: the engine answers 500 for it as for everything
   * else. No other text is looked at.
   */
  static boolean isFull(String said) {
    return said.toLowerCase(Locale.ROOT).contains("no space left on device");
  }

  private static Json document(String body) {
    try {
      return Json.parse(body.getBytes(StandardCharsets.UTF_8));
    } catch (JsonParseException plainText) {
      return new Json(JsonNull.INSTANCE);
    }
  }

  private static String sentence(String what, String said) {
    String line = (what + " failed: " + Cures.before(said) + said).replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
