package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the client is told about the running job (BOINC api/boinc_api.cpp, client/app_control.cpp).
 *
 * <p>Both CPU times are in every message: the client takes a missing one for 0.
 *
 * @param currentCpuTime CPU seconds over all episodes
 * @param checkpointCpuTime the same at the last checkpoint; the client takes <em>any</em> change of
 *     it as news of a checkpoint
 * @param fractionDone 0 to 1, if the job says so
 * @param workingSet bytes of memory in use, if measured
 * @param wantNetwork whether the job can't go on without the network
 * @param sporadicState the job's side of sporadic mode: 1 doesn't want to compute, 2 wants to
 * @param receivedBytes over the network in this episode; clients up to 8.2.13 add it to their
 *     history of transfers, later ones leave it
 * @param sentBytes likewise
 */
public record AppStatus(
    double currentCpuTime,
    double checkpointCpuTime,
    OptionalDouble fractionDone,
    OptionalLong workingSet,
    boolean wantNetwork,
    OptionalInt sporadicState,
    long receivedBytes,
    long sentBytes) {

  /** Of a job that has used no network in this episode. */
  public AppStatus(
      double currentCpuTime,
      double checkpointCpuTime,
      OptionalDouble fractionDone,
      OptionalLong workingSet,
      boolean wantNetwork,
      OptionalInt sporadicState) {
    this(
        currentCpuTime,
        checkpointCpuTime,
        fractionDone,
        workingSet,
        wantNetwork,
        sporadicState,
        0,
        0);
  }

  /** Checks that the times are finite and not negative, and that the fraction is finite. */
  public AppStatus {
    if (!(isTime(currentCpuTime) && isTime(checkpointCpuTime))) {
      throw new IllegalArgumentException(
          "not CPU times: %s, %s".formatted(currentCpuTime, checkpointCpuTime));
    }
    if (!Double.isFinite(fractionDone.orElse(0))) {
      throw new IllegalArgumentException("not a fraction: " + fractionDone);
    }
  }

  /** The text for the channel, most important element first. */
  public String toMessage() {
    List<String> elements = new ArrayList<>();
    elements.add(element("current_cpu_time", currentCpuTime));
    elements.add(element("checkpoint_cpu_time", checkpointCpuTime));
    fractionDone.ifPresent(f -> elements.add(element("fraction_done", f)));
    if (wantNetwork) {
      elements.add(element("want_network", "1"));
    }
    sporadicState.ifPresent(s -> elements.add(element("sporadic_ac", Integer.toString(s))));
    workingSet.ifPresent(w -> elements.add(element("wss", Long.toString(w))));
    if (receivedBytes > 0) {
      elements.add(element("bytes_received", Long.toString(receivedBytes)));
    }
    if (sentBytes > 0) {
      elements.add(element("bytes_sent", Long.toString(sentBytes)));
    }
    return Channel.fit(elements);
  }

  /** What the client understands of a message: a CPU time that is missing or negative is 0. */
  public static AppStatus parse(String message) {
    OptionalDouble workingSet = MessageText.number(message, "wss");
    return new AppStatus(
        Math.max(0, MessageText.number(message, "current_cpu_time").orElse(0)),
        Math.max(0, MessageText.number(message, "checkpoint_cpu_time").orElse(0)),
        MessageText.number(message, "fraction_done"),
        workingSet.isPresent()
            ? OptionalLong.of((long) workingSet.getAsDouble())
            : OptionalLong.empty(),
        MessageText.flag(message, "want_network"),
        Heartbeat.state(message, "sporadic_ac"),
        (long) MessageText.number(message, "bytes_received").orElse(0),
        (long) MessageText.number(message, "bytes_sent").orElse(0));
  }

  /**
   * What the client was told last, for whoever takes no part in it; empty where nothing was yet, or
   * where the memory is no file.
   */
  public static Optional<AppStatus> lastIn(Path slot) throws IOException {
    return UntrustedFile.readStart(slot.resolve(SharedMemory.FILE), SharedMemory.SIZE)
        .filter(memory -> memory.length == SharedMemory.SIZE)
        .map(memory -> Channel.last(memory, Channel.Name.APP_STATUS))
        .filter(message -> message.contains("<current_cpu_time>"))
        .map(AppStatus::parse);
  }

  private static boolean isTime(double seconds) {
    return Double.isFinite(seconds) && seconds >= 0;
  }

  /** Once a second, and a formatter would be the dearest part of it; strtod reads both. */
  private static String element(String tag, double value) {
    return element(tag, Double.toString(value));
  }

  private static String element(String tag, String value) {
    return "<" + tag + ">" + value + "</" + tag + ">\n";
  }
}
