package org.boinc.dockerwrapper.run;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.plan.ResourceLimits;

/** At most one container, as much of it as matters here. It outlives the wrapper. */
final class ModelEngine {
  /** Turns of computing that the job needs: more than a wrapper needs to come back and look. */
  static final int WORK = 9;

  private static final ResourceLimits LIMITS =
      new ResourceLimits(1, 1L << 30, 0, 0, 10, Map.of(), 0, 1024, Optional.empty());

  private final int payloadStatus;
  Optional<ContainerState> container = Optional.empty();
  boolean inputs;
  boolean outputs;
  boolean linked;
  int starts;
  int parkings;
  int exitedAt;
  private int computed;

  /** A checkpoint is in the container, which was killed after it. */
  private boolean parked;

  private int status;

  ModelEngine(int payloadStatus) {
    this.payloadStatus = payloadStatus;
  }

  boolean runs() {
    return is(ContainerState.RUNNING);
  }

  boolean is(ContainerState state) {
    return container.equals(Optional.of(state));
  }

  int computed() {
    return computed;
  }

  /** Time passes, whether or not anybody watches. */
  void turn(int now) {
    if (runs() && ++computed == WORK) {
      exit(payloadStatus, now);
    }
  }

  void reboot(int now) {
    if (runs() || is(ContainerState.PAUSED)) {
      exit(137, now);
    }
  }

  private void exit(int code, int now) {
    container = Optional.of(ContainerState.EXITED);
    status = code;
    exitedAt = now;
  }

  /** Does a step; says why it can't be done where it can't. */
  Optional<Failure> perform(Step step, int now) {
    return switch (step) {
      case ENGINE, PLAN, LOOK, IMAGE, SHUTDOWN -> Optional.empty();
      case CREATE ->
          when(
              container.isEmpty(),
              () -> {
                set(ContainerState.CREATED);
                linked = true;
              });
      case COPY_IN -> when(is(ContainerState.CREATED), () -> inputs = true);
      case START ->
          when(
              is(ContainerState.CREATED) || is(ContainerState.EXITED),
              () -> {
                set(ContainerState.RUNNING);
                starts++;
                computed = parked ? computed : 0;
                parked = false;
                outputs = false;
              });
      case PAUSE -> when(runs(), () -> set(ContainerState.PAUSED));
      case UNPAUSE -> when(is(ContainerState.PAUSED), () -> set(ContainerState.RUNNING));
      case CONNECT -> when(runs() && !linked, () -> linked = true);
      case DISCONNECT -> when(runs() && linked, () -> linked = false);
      case STOP, KILL -> when(runs() || is(ContainerState.PAUSED), () -> exit(137, now));
      case PARK ->
          when(
              runs() || is(ContainerState.PAUSED),
              () -> {
                parked = true;
                parkings++;
                exit(137, now);
              });
      case COPY_OUT -> when(is(ContainerState.EXITED), () -> outputs = true);
      case REMOVE ->
          when(
              true,
              () -> {
                container = Optional.empty();
                inputs = false;
              });
    };
  }

  private void set(ContainerState state) {
    container = Optional.of(state);
  }

  private Optional<Failure> when(boolean possible, Runnable effect) {
    if (possible) {
      effect.run();
      return Optional.empty();
    }
    return Optional.of(new Failure.Surprise("conflict: the container is " + container));
  }

  /** What a step that was done is answered with. */
  RunEvent answer(Step step, boolean watched, boolean rebooted, boolean parked, int deaths) {
    return switch (step) {
      case LOOK, START -> new RunEvent.Sighted(look(watched, rebooted, parked, deaths));
      case COPY_OUT ->
          new RunEvent.Collected(PayloadOutcome.of(new PayloadExit(status, false), LIMITS));
      case ENGINE,
          PLAN,
          IMAGE,
          CREATE,
          COPY_IN,
          PAUSE,
          UNPAUSE,
          CONNECT,
          DISCONNECT,
          SHUTDOWN,
          STOP,
          KILL,
          PARK,
          REMOVE ->
          new RunEvent.Done(step);
    };
  }

  private Sighting look(boolean watched, boolean rebooted, boolean parked, int deaths) {
    return container
        .map(
            state ->
                SightingRules.read(
                    new ContainerSighting(
                        "id",
                        "boinc_result",
                        state,
                        state == ContainerState.EXITED ? status : 0,
                        false,
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        "sha256:0",
                        Map.of(),
                        linked ? Set.of("bridge") : Set.of()),
                    watched,
                    rebooted,
                    parked,
                    deaths,
                    true))
        .orElse(new Sighting.Absent());
  }

  static Duration at(int turn) {
    return Duration.ofSeconds(turn);
  }
}
