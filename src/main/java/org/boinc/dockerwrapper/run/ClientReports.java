package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.boinc.FileTrouble;
import org.boinc.dockerwrapper.boinc.SporadicFiles;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.jspecify.annotations.Nullable;

/**
 * Tells the client once a second how the job is: CPU time, memory, fraction done, and where its
 * graphics are.
 */
final class ClientReports {
  private final JobContext context;
  private final Journal journal;
  private final ClientPoller poller;
  private final long receivedBefore;
  private final long sentBefore;
  private volatile Optional<String> graphicsUrl = Optional.empty();
  private @Nullable SporadicFiles sporadic;

  ClientReports(JobContext context, Journal journal, ClientPoller poller) {
    this.context = context;
    this.journal = journal;
    this.poller = poller;
    this.receivedBefore = journal.get(e -> e.received.total());
    this.sentBefore = journal.get(e -> e.sent.total());
  }

  void containerStarted(ActionRunner runner) {
    openSporadic(runner.steps().plan().orElseThrow());
    tellPorts(runner);
  }

  /**
   * Which host ports the engine has chosen: it may choose again when the container comes back to
   * the network. The client is told the URL in every episode, as it forgets that with the task
   * (reference 2.5).
   */
  void tellPorts(ActionRunner runner) {
    NetworkPlan network = runner.steps().plan().orElseThrow().container().network();
    if (network.ports().isEmpty()) {
      return;
    }
    runner.aside(
        "ports",
        "the numbers of the published ports are unknown",
        (containers, id) -> {
          Map<String, Integer> ports = containers.hostPorts(id);
          Optional.ofNullable(ports.get(network.graphicsPort() + "/tcp"))
              .ifPresent(port -> graphicsUrl = Optional.of("http://localhost:" + port));
          tellJob(ports);
        });
  }

  /** Written where it stands: the container has the file itself mounted, not its name. */
  private void tellJob(Map<String, Integer> ports) {
    Path file = context.slot().directory().resolve(NetworkPlan.PORTS_FILE);
    StringBuilder lines = new StringBuilder();
    ports.forEach((port, host) -> lines.append(port).append(' ').append(host).append('\n'));
    try {
      if (Files.exists(file)) {
        Files.writeString(file, lines);
      }
    } catch (IOException e) {
      context.log().say("the job can't be told its ports: " + FileTrouble.sentence(e));
    }
  }

  private void openSporadic(JobPlan plan) {
    if (!context.sporadic() || sporadic != null) {
      return;
    }
    try {
      sporadic =
          SporadicFiles.open(
              plan.work().map(work -> work.directory()).orElse(context.slot().directory()));
    } catch (IOException e) {
      context.log().say("sporadic mode is off: " + e.getMessage());
    }
  }

  /** One report; what the client has not read yet is left, and the next one has newer figures. */
  void report(Optional<Observer> observer, Optional<JobState.Preparing> preparing) {
    context
        .channels()
        .ifPresent(
            channels -> {
              boolean wantNetwork =
                  preparing
                      .filter(state -> state.waiting() == JobState.Waiting.NETWORK)
                      .isPresent();
              channels.report(status(observer, wantNetwork));
              graphicsUrl
                  .filter(channels::sendGraphicsUrl)
                  .ifPresent(_ -> graphicsUrl = Optional.empty());
            });
  }

  /** The client reads once more after the process has ended. */
  void last(Optional<Observer> observer) {
    report(observer, Optional.empty());
  }

  private AppStatus status(Optional<Observer> observer, boolean wantNetwork) {
    return new AppStatus(
        journal.get(e -> e.cpu).total(),
        Math.max(context.job().wuCpuTime(), journal.get(e -> e.checkpointCpu)),
        observer.map(Observer::fraction).orElse(java.util.OptionalDouble.empty()),
        observer.map(Observer::workingSet).orElse(java.util.OptionalLong.empty()),
        wantNetwork,
        appState(),
        journal.get(e -> e.received.total()) - receivedBefore,
        journal.get(e -> e.sent.total()) - sentBefore);
  }

  private OptionalInt appState() {
    SporadicFiles files = sporadic;
    if (files == null) {
      return OptionalInt.empty();
    }
    try {
      OptionalInt client = poller.sporadicState();
      if (client.isPresent()) {
        files.clientState(client.getAsInt());
      }
      return files.appState();
    } catch (IOException e) {
      context.log().say("sporadic mode failed: " + e.getMessage());
      return OptionalInt.empty();
    }
  }
}
