package org.boinc.dockerwrapper.run;

import java.util.List;
import java.util.Map;
import org.boinc.dockerwrapper.engine.NetworkBytes;
import org.jspecify.annotations.Nullable;

/**
 * The little that must survive the wrapper's death; the engine knows the rest. Changed only through
 * {@link Journal#update}.
 */
final class Episode {
  /** Form of this file. */
  int version = 1;

  /** Whose job this is: a slot is used again for other jobs. */
  String result = "";

  /** {@link org.boinc.dockerwrapper.boinc.Slot#setUpAt}, by which we know our own file. */
  String setUpAt = "";

  /** The engine that the container lives on; empty: none chosen yet. */
  String endpoint = "";

  /** The host's boot when the container was started; empty: never. */
  String bootId = "";

  /** Logical names of links that were outputs before their files existed. */
  List<String> outputs = List.of();

  /** Outputs that the client was asked to upload while the job runs, by logical name. */
  Map<String, UploadState> uploads = Map.of();

  /** How far the upload of an output is. */
  UploadState upload(String logicalName) {
    UploadState state = uploads.get(logicalName);
    return state == null ? UploadState.NEW : state;
  }

  /** The image that goes with the job; empty: none. */
  String imageTag = "";

  /** CPU seconds, see {@link CpuAccount}. */
  CpuAccount cpu = new CpuAccount(0, 0);

  /** CPU seconds that the last checkpoint covers; 0: none was made. */
  double checkpointCpu;

  /** A quit ended the container, or was about to, and it goes on from a checkpoint. */
  boolean parked;

  /** The engine can't freeze the container: signals stop its processes. */
  boolean stopsBySignals;

  /** The log says already that the engine holds the job to no limit. */
  boolean toldOfNoLimits;

  /** Bytes that came over the job's network. */
  ByteAccount received = ByteAccount.NONE;

  /** Bytes that went. */
  ByteAccount sent = ByteAccount.NONE;

  /** After reading the counters. */
  void transferred(NetworkBytes bytes) {
    received = received.read(bytes.received());
    sent = sent.read(bytes.sent());
  }

  /** The counters will begin anew. */
  void networkGone() {
    received = received.settled();
    sent = sent.settled();
  }

  /** Seconds that the container ran, pauses excluded. */
  double runSeconds;

  /** How often the container was found killed by a reboot or by the engine. */
  int unwatchedDeaths;

  /** Temporary exits in a row, for the growing delay. */
  int temporaryExits;

  /** What the state machine did last, for people. */
  String phase = "";

  /** The limit because of which the job is being stopped; its outputs are still to be had. */
  @Nullable Decided limit;

  /** The outcome, once it is settled. */
  @Nullable Decided decided;

  /**
   * A settled outcome in a form that can be stored.
   *
   * @param kind {@code succeeded}, {@code failed}, or the name of a {@link LimitKind}
   * @param status exit status of the payload where it failed
   */
  record Decided(String kind, int status, String sentence) {
    /** Refuses what could not be told to the client, so that such a journal can't be read. */
    Decided {
      outcome(kind, status, sentence).exitPlan();
    }

    static @Nullable Decided of(Outcome outcome) {
      return switch (outcome) {
        case Outcome.Succeeded() -> new Decided("succeeded", 0, "");
        case Outcome.PayloadFailed(int status, String sentence) ->
            new Decided("failed", status, sentence);
        case Outcome.LimitHit(LimitKind limit, String sentence) ->
            new Decided(limit.name(), 0, sentence);
        case Outcome.JobRejected _,
            Outcome.ConsentMissing _,
            Outcome.DeviceMissing _,
            Outcome.HostNotReady _,
            Outcome.Left _,
            Outcome.Aborted(),
            Outcome.Bug _ ->
            null;
      };
    }

    Outcome outcome() {
      return outcome(kind, status, sentence);
    }

    private static Outcome outcome(String kind, int status, String sentence) {
      return switch (kind) {
        case "succeeded" -> new Outcome.Succeeded();
        case "failed" -> new Outcome.PayloadFailed(status, sentence);
        default -> new Outcome.LimitHit(LimitKind.valueOf(kind), sentence);
      };
    }
  }
}
