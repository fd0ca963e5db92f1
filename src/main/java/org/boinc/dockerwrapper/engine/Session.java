package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.AsyncDockerCmd;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The calls of one operation: cancelled together, and whatever is still open is closed with it. */
final class Session implements AutoCloseable {

  /** A call through docker-java. */
  interface Call<T> {
    T on(DockerClient docker);
  }

  /** A call that also touches files of this host. */
  interface Transfer<T> {
    T on(DockerClient docker) throws EngineException, IOException;
  }

  /** A command whose answer is a stream of items. */
  interface Streaming<T> {
    AsyncDockerCmd<?, T> on(DockerClient docker);
  }

  /** Takes one item of a stream. */
  interface Sink<T> {
    void accept(T item) throws IOException;
  }

  private final EngineHttpClient http;
  private final EngineHttpClient slowHttp;
  private final DockerClient docker;
  private final DockerClient slowDocker;

  /**
   * @param patience silence that {@link #call} bears
   * @param silence that streams and transfers bear; zero: any
   */
  Session(EngineHttpClient shared, ClientConfig config, Duration patience, Duration silence) {
    this.http = shared.operation(patience);
    this.slowHttp = http.with(silence);
    this.docker = DockerClientImpl.getInstance(config, http);
    this.slowDocker = DockerClientImpl.getInstance(config, slowHttp);
  }

  /** For the few requests that docker-java does not know. */
  DockerHttpClient http() {
    return http;
  }

  /**
   * @param what is tried, on which object, for the message
   */
  <T> T call(String what, Call<T> call) throws EngineException {
    try {
      return call.on(docker);
    } catch (RuntimeException e) {
      throw fault(what, e);
    }
  }

  /** Like {@link #call}; an error of this host's files stays an IOException. */
  <T> T transfer(String what, Transfer<T> call) throws EngineException, IOException {
    try {
      return call.on(slowDocker);
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
      command.on(slowDocker).exec(callback);
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
  }
}
