package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.boinc.dockerwrapper.boinc.ClientChannels;
import org.boinc.dockerwrapper.boinc.FileTrouble;
import org.boinc.dockerwrapper.boinc.TrickleFiles;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.FileStamp;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.UploadPlan;
import org.boinc.dockerwrapper.run.UploadState.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Hands outputs to the client while the job runs ({@code files.uploads}), on a thread of its own,
 * since copying a large one out of the container takes its time.
 *
 * <p>The client aborts a job that asks for a file which is not in the project directory, so the
 * file is there first; then the request, then the journal, then the message that announces it. An
 * episode that was killed in between is made good by looking which requests and answers lie in the
 * slot, where only client and wrapper write. Trouble never fails the job: the client takes every
 * output at the end.
 */
final class Uploads {
  /** Of one output; the client gives up the job itself over most failures. */
  static final int MOST_REQUESTS = 3;

  static final int SECONDS_BETWEEN_REQUESTS = 60;

  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** Looking into a container costs the engine more than reading a file. */
  private static final int SECONDS_PER_LOOK_INSIDE = 10;

  private record Target(UploadPlan.Output output, Optional<String> variety) {
    String name() {
      return output.logicalName();
    }
  }

  private final Path slot;
  private final Optional<ClientChannels> client;
  private final List<Target> targets = new ArrayList<>();
  private final List<JobPlan.OutputLink> links;
  private final UploadSource source;
  private final Journal journal;
  private final Consumer<String> say;
  private final Settling settling = new Settling();
  private final Map<String, Integer> failedAt = new HashMap<>();
  private final Map<String, String> trouble = new HashMap<>();
  private @Nullable TrickleFiles files;
  private int second;
  private int secondOfRun;
  private volatile boolean paused;
  private volatile boolean stopped;

  Uploads(
      Path slot,
      Optional<ClientChannels> client,
      List<UploadPlan> plans,
      List<JobPlan.OutputLink> links,
      UploadSource source,
      Journal journal,
      Consumer<String> say) {
    this.slot = slot;
    this.client = client;
    for (UploadPlan plan : plans) {
      plan.outputs().forEach(output -> targets.add(new Target(output, plan.trickle())));
    }
    this.links = links;
    this.source = source;
    this.journal = journal;
    this.say = say;
  }

  /** Of the container that runs now. */
  static Uploads of(JobContext context, Journal journal, Steps steps) {
    JobPlan plan = steps.plan().orElseThrow();
    Path slot = context.slot().directory();
    UploadSource source =
        new UploadSource(
            slot,
            () -> steps.engine().orElseThrow().copies(),
            steps.containerId().orElseThrow(),
            context.log()::say);
    return new Uploads(
        slot,
        context.channels(),
        plan.uploads(),
        plan.outputs(),
        source,
        journal,
        context.log()::say);
  }

  void start() {
    if (targets.isEmpty()) {
      return;
    }
    if (client.isEmpty()) {
      say.accept("no client is there to upload outputs while the job runs");
      return;
    }
    Thread.ofPlatform().daemon().name("uploads").start(this::run);
  }

  private void run() {
    try {
      while (!stopped) {
        tick(client.orElseThrow());
        Thread.sleep(PERIOD);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** While it is paused, a file that rests tells nothing. */
  void paused(boolean value) {
    paused = value;
  }

  /** After this nothing is put in an output's place any more, and nothing is asked for. */
  synchronized void stop() {
    stopped = true;
  }

  /** Once a second: hears answers, looks at files, asks for those that are complete. */
  void tick(ClientChannels channels) {
    second++;
    secondOfRun += paused ? 0 : 1;
    TrickleFiles open = begun(channels);
    if (open == null) {
      return;
    }
    // The answers themselves are files, which also tell what an episode before this one missed.
    channels.takeTransferNews();
    for (Target target : targets) {
      try {
        attend(open, target);
      } catch (EngineException e) {
        failed(target.name(), e.sentence());
      } catch (IOException e) {
        failed(target.name(), FileTrouble.sentence(e));
      }
    }
    open.announce();
  }

  private void failed(String name, String sentence) {
    if (!stopped && !sentence.equals(trouble.put(name, sentence))) {
      say.accept("output '%s' can't be uploaded yet: %s".formatted(name, sentence));
    }
  }

  /** What a killed episode left is taken up: a request that it could not write down any more. */
  private @Nullable TrickleFiles begun(ClientChannels channels) {
    if (files != null) {
      return files;
    }
    try {
      TrickleFiles opened = new TrickleFiles(slot, channels);
      List<String> waiting = opened.waitingRequests();
      for (Target target : targets) {
        if (waiting.contains(target.name()) && !state(target).handedOver()) {
          FileStamp there =
              UploadSource.onHost(target.output().path()).orElse(new FileStamp(0, ""));
          boolean copied = target.output().source().isPresent();
          FileStamp stamp = copied ? new FileStamp(there.bytes(), "") : there;
          change(target, state -> state.requested(stamp));
        }
      }
      keepMountPoints();
      files = opened;
    } catch (IOException e) {
      failed("", FileTrouble.sentence(e));
    }
    return files;
  }

  private void attend(TrickleFiles open, Target target) throws EngineException, IOException {
    OptionalInt status = open.uploadStatus(target.name());
    if (status.isPresent()) {
      answered(target, status.getAsInt());
      open.forgetStatus(target.name());
    }
    switch (state(target).stage()) {
      case WAITING -> lookAt(open, target);
      case FAILED -> {
        boolean again = state(target).requests() < MOST_REQUESTS;
        int since = second - failedAt.computeIfAbsent(target.name(), _ -> second);
        if (again && since >= SECONDS_BETWEEN_REQUESTS) {
          lookAt(open, target);
        }
      }
      case REQUESTED, UPLOADED -> {}
    }
    if (state(target).handedOver()) {
      tellServer(open, target);
    }
  }

  private void answered(Target target, int status) throws IOException {
    if (state(target).stage() == Stage.UPLOADED) {
      return; // read, but not deleted before the last episode was killed
    }
    if (status >= 0) {
      change(target, state -> state.at(Stage.UPLOADED));
      keepMountPoints();
      say.accept("output '%s' was uploaded while the job runs".formatted(target.name()));
      return;
    }
    change(target, state -> state.at(Stage.FAILED));
    failedAt.put(target.name(), second);
    say.accept(
        "the upload of output '%s' failed with status %d; %s"
            .formatted(
                target.name(),
                status,
                state(target).requests() < MOST_REQUESTS
                    ? "the client is asked again in %d s".formatted(SECONDS_BETWEEN_REQUESTS)
                    : "it is left for the end of the job"));
  }

  /** The engine mounts an output again when it looks into the container; the client deletes it. */
  private synchronized void keepMountPoints() throws IOException {
    if (!stopped) {
      WorkDirectory.createOutputs(links);
    }
  }

  private void lookAt(TrickleFiles open, Target target) throws EngineException, IOException {
    boolean inside = target.output().source().isPresent();
    if (paused || (inside && secondOfRun % SECONDS_PER_LOOK_INSIDE != 0)) {
      return;
    }
    Optional<FileStamp> found = source.look(target.output());
    if (!settling.isAtRest(target.name(), found, secondOfRun)) {
      return;
    }
    FileStamp stamp = found.orElseThrow();
    Optional<Path> draft = inside ? source.fetch(target.output(), stamp) : Optional.empty();
    if (!inside || draft.isPresent()) {
      request(open, target, stamp, draft);
    }
  }

  private synchronized void request(
      TrickleFiles open, Target target, FileStamp stamp, Optional<Path> draft) throws IOException {
    if (stopped) {
      return;
    }
    if (draft.isPresent()) {
      UploadSource.place(draft.get(), target.output());
    }
    open.requestUpload(target.name());
    change(target, state -> state.requested(stamp));
    say.accept(
        "output '%s' is complete (%d bytes); the client is asked to upload it now"
            .formatted(target.name(), stamp.bytes()));
  }

  /** Once for each output, as soon as the client has fetched the message before. */
  private void tellServer(TrickleFiles open, Target target) throws IOException {
    UploadState state = state(target);
    if (target.variety().isEmpty() || state.trickled()) {
      return;
    }
    String physical = String.valueOf(target.output().path().getFileName());
    if (open.trickleUpOfUpload(target.variety().get(), target.name(), physical, state.bytes())) {
      change(target, UploadState::told);
    }
  }

  private UploadState state(Target target) {
    return journal.get(e -> e.upload(target.name()));
  }

  private void change(Target target, UnaryOperator<UploadState> change) throws IOException {
    UploadState changed = change.apply(state(target));
    journal.update(
        e -> {
          Map<String, UploadState> all = new HashMap<>(e.uploads);
          all.put(target.name(), changed);
          e.uploads = all;
        });
  }
}
