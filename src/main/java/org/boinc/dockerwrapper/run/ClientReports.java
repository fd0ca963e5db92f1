package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.boinc.SporadicFiles;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.jspecify.annotations.Nullable;

/**
 * Tells the client once a second how the job is: CPU time, memory, fraction done, and where its
 * graphics are.
 */
final class ClientReports {
  private final JobContext context;
  private final Journal journal;
  private final ClientPoller poller;
  private volatile Optional<String> graphicsUrl = Optional.empty();
  private @Nullable SporadicFiles sporadic;

  ClientReports(JobContext context, Journal journal, ClientPoller poller) {
    this.context = context;
    this.journal = journal;
    this.poller = poller;
  }

  /** The URL is told in every episode: the client forgets it with the task (reference 2.5). */
  void containerStarted(ActionRunner runner) {
    JobPlan plan = runner.steps().plan().orElseThrow();
    openSporadic(plan);
    int port = plan.container().network().graphicsPort();
    if (port == 0) {
      return;
    }
    runner.aside(
        "graphics",
        "the port of the web graphics is unknown",
        (containers, id) ->
            containers
                .hostPort(id, port)
                .ifPresent(host -> graphicsUrl = Optional.of("http://localhost:" + host)));
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
        context.job().wuCpuTime(),
        observer.map(Observer::fraction).orElse(java.util.OptionalDouble.empty()),
        observer.map(Observer::workingSet).orElse(java.util.OptionalLong.empty()),
        wantNetwork,
        appState());
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
