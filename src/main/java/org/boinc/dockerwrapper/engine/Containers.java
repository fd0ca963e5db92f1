package org.boinc.dockerwrapper.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.LogContainerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.api.model.WaitResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.ImageFacts;

/**
 * The life of containers. Every action may be repeated: starting what runs and removing what is
 * gone are successes. A container is named by its ID or name.
 */
public final class Containers {
  /**
   * Short: a call that hangs is tried again while the client still waits for us to leave, and an
   * engine that needs longer for all the files says at the next try that it is at it.
   */
  private static final Duration REMOVAL = Duration.ofSeconds(8);

  private final Sessions sessions;

  Containers(Sessions sessions) {
    this.sessions = sessions;
  }

  /** All containers with these labels, in whatever state. */
  public List<ContainerSighting> find(Map<String, String> labels) throws EngineException {
    String what = "looking for containers labelled " + labels;
    try (Session session = sessions.action()) {
      JsonNode listed = Question.containers(labels).demand(session, what);
      List<ContainerSighting> found = new ArrayList<>();
      for (JsonNode container : listed) {
        // Listed and already gone is no error.
        Question.container(container.path("Id").asText(), false)
            .ask(session, what)
            .map(Sightings::of)
            .ifPresent(found::add);
      }
      return found;
    }
  }

  /**
   * Creates a container.
   *
   * @return its ID
   * @throws EngineException CONFLICT if the name is taken
   */
  public String create(String name, ContainerPlan plan, ImageFacts image) throws EngineException {
    try (Session session = sessions.action()) {
      return session.call(
          "creating container " + name,
          docker -> {
            CreateContainerCmd command = docker.createContainerCmd(image.id()).withName(name);
            return ContainerRequest.fill(command, plan, image).exec().getId();
          });
    }
  }

  /**
   * Starts a container, or does nothing if it runs.
   *
   * @param limit how long the engine may take; a device hook can be slow
   */
  public void start(String id, Duration limit) throws EngineException {
    act(
        "starting container " + id,
        longer(limit),
        docker -> {
          try {
            docker.startContainerCmd(id).exec();
          } catch (NotModifiedException running) {
            return true;
          }
          return true;
        });
  }

  /** Freezes all processes. CONFLICT if it is paused already or does not run. */
  public void pause(String id) throws EngineException {
    act(
        "pausing container " + id,
        sessions.patience(),
        docker -> docker.pauseContainerCmd(id).exec());
  }

  /** Thaws all processes. */
  public void unpause(String id) throws EngineException {
    act(
        "unpausing container " + id,
        sessions.patience(),
        docker -> docker.unpauseContainerCmd(id).exec());
  }

  /** Sends the stop signal, and KILL when the grace is over; nothing if it does not run. */
  public void stop(String id, Duration grace) throws EngineException {
    act(
        "stopping container " + id,
        sessions.patience().plus(grace),
        docker -> {
          try {
            docker.stopContainerCmd(id).withTimeout(Math.toIntExact(grace.toSeconds())).exec();
          } catch (NotModifiedException stopped) {
            return true;
          }
          return true;
        });
  }

  /** Sends KILL; CONFLICT if it does not run. */
  public void kill(String id) throws EngineException {
    act(
        "killing container " + id,
        sessions.patience(),
        docker -> docker.killContainerCmd(id).withSignal("KILL").exec());
  }

  /** Changes the quota of a container, running or not. */
  public void limitCpus(String id, double cpus) throws EngineException {
    act(
        "limiting container " + id + " to " + cpus + " CPUs",
        sessions.patience(),
        docker -> docker.updateContainerCmd(id).withNanoCPUs(ContainerRequest.nanos(cpus)).exec());
  }

  /** Removes a container in whatever state, and its anonymous volumes. */
  public void remove(String id) throws EngineException {
    act(
        "removing container " + id,
        REMOVAL,
        docker -> {
          try {
            docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
          } catch (NotFoundException gone) {
            return true;
          }
          return true;
        });
  }

  private void act(String what, Duration silence, Session.Call<?> call) throws EngineException {
    try (Session session = sessions.action(silence)) {
      session.call(what, call);
    }
  }

  private Duration longer(Duration limit) {
    return limit.compareTo(sessions.patience()) > 0 ? limit : sessions.patience();
  }

  /** How the container is; NOT_FOUND if it is gone. */
  public ContainerSighting inspect(String id) throws EngineException {
    return Sightings.of(inspect(id, false));
  }

  /** Bytes that the container has written outside its mounts. */
  public long writableBytes(String id) throws EngineException {
    return inspect(id, true).path("SizeRw").asLong();
  }

  /** Which port of 127.0.0.1 leads to a container port; empty if none, or if it does not run. */
  public OptionalInt hostPort(String id, int containerPort) throws EngineException {
    return Sightings.hostPort(inspect(id, false), containerPort);
  }

  private JsonNode inspect(String id, boolean withSize) throws EngineException {
    String what = "inspecting container " + id;
    try (Session session = sessions.action()) {
      return Question.container(id, withSize)
          .ask(session, what)
          .orElseThrow(
              () -> EngineException.of(Fault.NOT_FOUND, what, "there is no such container"));
    }
  }

  /**
   * Blocks until a started container does not run any more. To one that was only created it answers
   * 0 at once. Interrupting the thread or closing the engine ends it; cancelling actions does not.
   *
   * @return exit code
   */
  public int awaitExit(String id) throws EngineException {
    String what = "waiting for container " + id;
    AtomicReference<WaitResponse> answer = new AtomicReference<>();
    try (Session session = sessions.watch()) {
      session.stream(what, docker -> docker.waitContainerCmd(id), answer::set);
    }
    WaitResponse response = answer.get();
    if (response == null || response.getStatusCode() == null) {
      throw EngineException.of(
          Fault.UNREACHABLE, what, "the engine ended the wait without a status");
    }
    return response.getStatusCode();
  }

  /**
   * Blocks and passes on what the container writes until it ends; see {@link #awaitExit} for ending
   * it earlier. To a reader that lags behind Docker 20.10 ends the stream with the container and
   * loses the rest, so that is read again; not where the range counts from the end.
   *
   * @throws IOException of the sink
   */
  public void followLogs(String id, LogRange range, boolean stdout, boolean stderr, LogSink sink)
      throws EngineException, IOException {
    try (Session session = sessions.watch()) {
      LogCount count = new LogCount(sink);
      logs(session, id, range, stdout, stderr, true, count);
      if (range.tail().isEmpty()) {
        logs(session, id, range, stdout, stderr, false, count.rest());
      }
    }
  }

  /** What the container has written so far. */
  public void logs(String id, LogRange range, boolean stdout, boolean stderr, LogSink sink)
      throws EngineException, IOException {
    try (Session session = sessions.action()) {
      logs(session, id, range, stdout, stderr, false, sink);
    }
  }

  private static void logs(
      Session session,
      String id,
      LogRange range,
      boolean stdout,
      boolean stderr,
      boolean follow,
      LogSink sink)
      throws EngineException, IOException {
    session.stream(
        "reading the output of container " + id,
        Duration.ZERO,
        docker -> {
          LogContainerCmd command =
              docker
                  .logContainerCmd(id)
                  .withStdOut(stdout)
                  .withStdErr(stderr)
                  .withFollowStream(follow);
          range
              .since()
              .ifPresent(since -> command.withSince(Math.toIntExact(since.getEpochSecond())));
          range.tail().ifPresent(command::withTail);
          return command;
        },
        (Frame frame) ->
            // docker-java uses its buffer again, so the sink gets a copy
            sink.accept(streamOf(frame), frame.getPayload().clone()));
  }

  static LogSink.Stream streamOf(Frame frame) {
    return frame.getStreamType() == StreamType.STDERR
        ? LogSink.Stream.STDERR
        : LogSink.Stream.STDOUT;
  }

  /**
   * What the container uses; empty when it does not run.
   *
   * @param pid of the last {@link ContainerSighting}; 0 if not known
   */
  public Optional<ResourceUsage> usage(String id, long pid) throws EngineException {
    Optional<ResourceUsage> fromKernel =
        pid > 0 ? Cgroups.OF_HOST.usage(id, pid) : Optional.empty();
    if (fromKernel.isPresent()) {
      return fromKernel;
    }
    AtomicReference<Optional<ResourceUsage>> answer = new AtomicReference<>(Optional.empty());
    try (Session session = sessions.action()) {
      session.stream(
          "asking for the usage of container " + id,
          docker -> docker.statsCmd(id).withNoStream(true),
          statistics -> answer.set(Sightings.usage(statistics)));
    }
    return answer.get();
  }
}
