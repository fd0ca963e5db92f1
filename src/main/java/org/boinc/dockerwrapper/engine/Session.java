package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.AsyncDockerCmd;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The calls of one operation: cancelled together, and whatever is still open is closed with it. */
final class Session implements AutoCloseable {

  /** A call through docker-java. */
  interface Call<T> {
    T on(DockerClient docker);
  }

  /** Something that also touches files of this host. */
  interface Transfer<T> {
    T run() throws EngineException, IOException;
  }

  /** Reads the body of an answer. */
  interface Reader<T> {
    T read(InputStream body) throws EngineException, IOException;
  }

  /** A command whose answer is a stream of items. */
  interface Streaming<T> {
    AsyncDockerCmd<?, T> on(DockerClient docker);
  }

  /** Takes one item of a stream. */
  interface Sink<T> {
    void accept(T item) throws IOException;
  }

  /**
   * A document that the engine answered.
   *
   * @param headers that came with it
   */
  record Answer(Json document, Map<String, List<String>> headers) {}

  private static final int NOT_FOUND = 404;

  private final EngineHttpClient http;
  private final EngineHttpClient slowHttp;
  private final ClientConfig config;
  private final CallTimes times;
  private final long start = System.nanoTime();
  private String doing = "";

  /**
   * @param patience silence that {@link #call} bears
   * @param silence that streams and transfers bear; zero: any
   * @param times told how long it was open, if it was used
   */
  Session(
      EngineHttpClient shared,
      ClientConfig config,
      Duration patience,
      Duration silence,
      CallTimes times) {
    this.http = shared.operation(patience);
    this.slowHttp = http.with(silence);
    this.config = config;
    this.times = times;
  }

  Session(EngineHttpClient shared, ClientConfig config, Duration patience, Duration silence) {
    this(shared, config, patience, silence, CallTimes.UNHEARD);
  }

  /** What the engine answers; empty where it knows no such thing. */
  Optional<Json> ask(String what, EngineRequest request) throws EngineException {
    return answerIfAny(what, request).map(Answer::document);
  }

  /** The same with what stands above it; NOT_FOUND where the engine knows no such thing. */
  Answer answer(String what, EngineRequest request) throws EngineException {
    return answerIfAny(what, request).orElseThrow(() -> notFound(what));
  }

  private Optional<Answer> answerIfAny(String what, EngineRequest request) throws EngineException {
    doing = what;
    try (Response response = http.execute(request.request())) {
      if (response.getStatusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      check(what, response);
      return Optional.of(
          new Answer(Json.parse(response.getBody().readAllBytes()), response.getHeaders()));
    } catch (IOException | RuntimeException e) {
      throw fault(what, e);
    }
  }

  /** What the engine answers; NOT_FOUND where it knows no such thing. */
  Json demand(String what, EngineRequest request) throws EngineException {
    return ask(what, request).orElseThrow(() -> notFound(what));
  }

  private static EngineException notFound(String what) {
    return EngineException.of(Fault.NOT_FOUND, what, "the engine has no such object");
  }

  /** Makes the engine do something; that there is nothing left to do is a success. */
  void act(String what, EngineRequest request) throws EngineException {
    doing = what;
    try (Response response = http.execute(request.request())) {
      check(what, response);
    } catch (IOException | RuntimeException e) {
      throw fault(what, e);
    }
  }

  /**
   * Reads an answer that may be long, or long in coming; an error of this host's files stays an
   * IOException. Empty where the engine knows no such thing.
   */
  <T> Optional<T> readIfThere(String what, EngineRequest request, Reader<T> reader)
      throws EngineException, IOException {
    doing = what;
    try (Response response = slowHttp.execute(request.request())) {
      if (response.getStatusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      check(what, response);
      return Optional.of(reader.read(response.getBody()));
    } catch (IOException | RuntimeException e) {
      throw faultOrHostError(what, e);
    }
  }

  /** Likewise; NOT_FOUND where the engine knows no such thing. */
  <T> T read(String what, EngineRequest request, Reader<T> reader)
      throws EngineException, IOException {
    return readIfThere(what, request, reader).orElseThrow(() -> notFound(what));
  }

  /**
   * Sends a request after which the connection belongs to a conversation.
   *
   * @param input what is said to the other side; empty: nothing
   */
  <T> T converse(String what, EngineRequest request, Optional<InputStream> input, Reader<T> reader)
      throws EngineException, IOException {
    try (Response response = slowHttp.execute(request.request())) {
      if (response.getStatusCode() == NOT_FOUND) {
        throw notFound(what);
      }
      check(what, response);
      if (!(response.getBody() instanceof HttpBody body)) {
        throw new IllegalStateException("an answer that is not ours");
      }
      Dialogue dialogue = new Dialogue(body.hijack());
      input.ifPresent(dialogue::say);
      return reader.read(dialogue);
    } catch (IOException | RuntimeException e) {
      throw faultOrHostError(what, e);
    }
  }

  private static void check(String what, Response response) throws EngineException, IOException {
    if (response.getStatusCode() >= 400) {
      String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
      throw EngineException.ofAnswer(what, response.getStatusCode(), body);
    }
  }

  /**
   * One header of an answer of which only the head is wanted, where it has that. Empty where the
   * engine knows no such thing.
   */
  Optional<Optional<String>> head(String what, EngineRequest request, String header)
      throws EngineException {
    doing = what;
    try (Response response = http.execute(request.request())) {
      Optional<String> value = Optional.ofNullable(response.getHeader(header));
      if (response.getStatusCode() != NOT_FOUND) {
        check(what, response);
        return Optional.of(value);
      }
      // Podman has no archive of a link that leads nowhere, and yet describes it.
      return value.isPresent() ? Optional.of(value) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      throw fault(what, e);
    }
  }

  /**
   * @param what is tried, on which object, for the message
   */
  <T> T call(String what, Call<T> call) throws EngineException {
    doing = what;
    try {
      return call.on(DockerClientImpl.getInstance(config, http));
    } catch (RuntimeException e) {
      throw fault(what, e);
    }
  }

  /** What is done with the engine and files of this host, whose errors stay an IOException. */
  <T> T transfer(String what, Transfer<T> call) throws EngineException, IOException {
    try {
      return call.run();
    } catch (IOException | RuntimeException e) {
      throw faultOrHostError(what, e);
    }
  }

  /**
   * Blocks until the stream has ended.
   *
   * @param limit zero: none
   */
  <T> void stream(String what, Duration limit, Streaming<T> command, Sink<T> sink)
      throws EngineException, IOException {
    stream(what, limit, slowHttp, command, sink);
  }

  /**
   * The same with more in the request's query than docker-java can say.
   *
   * @param query such as {@code &name=value}
   */
  <T> void stream(String what, Duration limit, String query, Streaming<T> command, Sink<T> sink)
      throws EngineException, IOException {
    stream(what, limit, new LongerQuery(slowHttp, query), command, sink);
  }

  private <T> void stream(
      String what, Duration limit, DockerHttpClient over, Streaming<T> command, Sink<T> sink)
      throws EngineException, IOException {
    doing = what;
    ResultCallback.Adapter<T> callback =
        new ResultCallback.Adapter<>() {
          @Override
          public void onNext(T item) {
            try {
              sink.accept(item);
            } catch (IOException e) {
              throw new UncheckedIOException(new HostFileException(e));
            }
          }
        };
    try {
      command.on(DockerClientImpl.getInstance(config, over)).exec(callback);
      if (limit.isZero()) {
        callback.awaitCompletion();
      } else if (!callback.awaitCompletion(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw EngineException.of(
            Fault.TIMEOUT, what, "not done within " + limit.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EngineException.of(Fault.CANCELLED, what, "the thread was interrupted");
    } catch (RuntimeException e) {
      throw faultOrHostError(what, e);
    }
  }

  /** The same where nothing of this host is touched. */
  <T> void stream(String what, Streaming<T> command, Sink<T> sink) throws EngineException {
    try {
      stream(what, Duration.ZERO, command, sink);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** What it means; a defect, which is not about the engine, is thrown as it is. */
  static EngineException fault(String what, Exception thrown) {
    Optional<EngineException> fault = EngineException.classify(what, thrown);
    if (fault.isEmpty() && thrown instanceof RuntimeException defect) {
      throw defect;
    }
    return fault.orElseThrow();
  }

  private static EngineException faultOrHostError(String what, Exception thrown)
      throws IOException {
    for (Throwable cause : Throwables.getCausalChain(thrown)) {
      if (cause instanceof HostFileException host) {
        throw host.original();
      }
    }
    if (thrown instanceof RuntimeException unchecked) {
      return fault(what, unchecked);
    }
    for (Throwable cause : Throwables.getCausalChain(thrown)) {
      if (cause instanceof TransportException) {
        return EngineException.classify(what, cause).orElseThrow();
      }
    }
    throw (IOException) thrown;
  }

  @Override
  public void close() {
    http.close();
    slowHttp.close();
    if (!doing.isEmpty()) {
      times.took(doing, System.nanoTime() - start);
    }
  }
}
