package org.boinc.dockerwrapper.simulate;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.boinc.Channel;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.boinc.SharedMemory;
import org.boinc.dockerwrapper.simulate.Timeline.Kind;
import org.jspecify.annotations.Nullable;

/** One wrapper process under the eyes of the client, from launch to judgement. */
final class WrapperProcess {
  private static final Pattern OTHER_PID = Pattern.compile("<other_pid>\\s*(\\d+)");
  private static final Pattern GRAPHICS =
      Pattern.compile("<(?:web_graphics_url|remote_desktop_addr)>([^<]{1,255})<");

  private final int number;
  private final SimulatedSlot slot;
  private final ClientState client;
  private final ClientTiming timing;
  private final Timeline timeline;
  private final Process process;
  private final long launched = System.nanoTime();
  private final ControlQueue control;
  private final Channel heartbeats;
  private final Channel statusChannel;
  private final Channel graphics;
  private final Channel trickleUp;
  private final SlotMail mail;
  private final CompletableFuture<Episode> episode = new CompletableFuture<>();

  // All below are guarded by this object's lock.
  private final List<AppStatus> reports = new ArrayList<>();
  private final List<ProcessHandle> descendants = new ArrayList<>();
  private @Nullable ClientRequest pending;
  private @Nullable String killedBy;
  private @Nullable String graphicsUrl;
  private OptionalLong otherPid = OptionalLong.empty();
  private long exitDeadline;
  private long finishSeen;
  private boolean hasFinished;

  /** Launches the wrapper as the client does and begins to poll it. */
  WrapperProcess(
      int number,
      SimulatedSlot slot,
      List<String> command,
      SharedMemory memory,
      ClientState client,
      ClientTiming timing,
      Timeline timeline)
      throws IOException {
    this.number = number;
    this.slot = slot;
    this.client = client;
    this.timing = timing;
    this.timeline = timeline;
    control = new ControlQueue(new Channel(memory, Channel.Name.PROCESS_CONTROL_REQUEST));
    heartbeats = new Channel(memory, Channel.Name.HEARTBEAT);
    statusChannel = new Channel(memory, Channel.Name.APP_STATUS);
    graphics = new Channel(memory, Channel.Name.GRAPHICS_REPLY);
    trickleUp = new Channel(memory, Channel.Name.TRICKLE_UP);
    mail = new SlotMail(slot, new Channel(memory, Channel.Name.TRICKLE_DOWN), timeline, client);
    process = launch(command);
    timeline.add(Kind.EPISODE, "episode %d: wrapper started (pid %d)".formatted(number, pid()));
    Thread.ofPlatform().daemon().name("simulated-client-" + number).start(this::watch);
  }

  private Process launch(List<String> command) throws IOException {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    List<String> words = new ArrayList<>(command);
    words.addAll(slot.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(slot.directory().toFile())
            .redirectInput(new File(windows ? "NUL" : "/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(slot.directory().resolve("stderr.txt").toFile()));
    String libraries = "../../projects/%s:.:../..".formatted(slot.projectDirectory().getFileName());
    builder
        .environment()
        .merge(
            "LD_LIBRARY_PATH", libraries, (old, ours) -> old.isEmpty() ? ours : ours + ":" + old);
    return builder.start();
  }

  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return !episode.isDone();
  }

  boolean exitsWithin(Duration patience) throws InterruptedException {
    try {
      episode.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException stillRunning) {
      return false;
    } catch (ExecutionException failure) {
      return true; // whoever asks for the episode gets the failure
    }
  }

  CompletableFuture<Episode> episode() {
    return episode;
  }

  synchronized Optional<AppStatus> status() {
    return reports.isEmpty() ? Optional.empty() : Optional.of(reports.getLast());
  }

  synchronized void request(ClientRequest request) {
    if (!process.isAlive() || client.dead || request == pending) {
      return;
    }
    boolean leave = request == ClientRequest.QUIT || request == ClientRequest.ABORT;
    if (leave && pending == null) {
      pending = request;
      exitDeadline = System.nanoTime() + timing.exitTimeout().toNanos();
      process.descendants().forEach(descendants::add);
    }
    timeline.add(Kind.REQUEST, request.tag());
    control.post(request, System.nanoTime());
  }

  synchronized void kill(String why) {
    if (process.isAlive() && killedBy == null) {
      killedBy = why;
      timeline.add(Kind.NOTE, "the wrapper is killed: " + why);
      process.destroyForcibly();
    }
  }

  private void watch() {
    try {
      do {
        tick();
      } while (!process.waitFor(timing.poll().toNanos(), TimeUnit.NANOSECONDS));
      episode.complete(judge());
    } catch (IOException | InterruptedException | RuntimeException failure) {
      process.destroyForcibly();
      episode.completeExceptionally(failure);
    }
  }

  private synchronized void tick() throws IOException {
    if (client.dead) {
      return;
    }
    long now = System.nanoTime();
    control.flush(now);
    if (client.heartbeats) {
      heartbeats.send(
          client.heartbeat(Double.parseDouble(slot.initData().get("rsc_memory_bound"))));
    }
    readMessages();
    mail.flush();
    if (client.uploads.lost() && pending == null) {
      request(ClientRequest.ABORT);
    }
    endPatience(now);
  }

  private void endPatience(long now) {
    if (pending != null && now - exitDeadline > 0) {
      kill("still there %d s after %s".formatted(timing.exitTimeout().toSeconds(), pending.tag()));
    }
    if (control.blocked(now).compareTo(timing.messageTimeout()) > 0) {
      kill("it has read no requests for %d s".formatted(timing.messageTimeout().toSeconds()));
    }
    if (!hasFinished && Files.exists(slot.directory().resolve(FinishFile.NAME))) {
      hasFinished = true;
      finishSeen = now;
    }
    Duration sinceFinish = Duration.ofNanos(hasFinished ? now - finishSeen : 0);
    if (sinceFinish.compareTo(timing.finishTimeout()) > 0) {
      pending = ClientRequest.ABORT;
      kill("finish file there, but no exit within " + timing.finishTimeout().toSeconds() + " s");
    }
  }

  private synchronized void readMessages() throws IOException {
    statusChannel.take().ifPresent(this::reported);
    graphics.take().map(GRAPHICS::matcher).filter(Matcher::find).ifPresent(this::graphics);
    Optional<String> transfer = trickleUp.take();
    if (transfer.isPresent()) {
      mail.announced(transfer.get());
    }
  }

  private void reported(String message) {
    AppStatus status = AppStatus.parse(message);
    double before =
        status().map(AppStatus::checkpointCpuTime).orElseGet(this::checkpointOfEarlierEpisodes);
    reports.add(status);
    timeline.add(Kind.STATUS, message.strip());
    if (status.checkpointCpuTime() != before) {
      slot.initData().set("wu_cpu_time", status.checkpointCpuTime());
      timeline.add(
          Kind.CHECKPOINT, "checkpoint at %.1f s CPU".formatted(status.checkpointCpuTime()));
    }
    Matcher other = OTHER_PID.matcher(message);
    if (other.find()) {
      otherPid = OptionalLong.of(Long.parseLong(other.group(1)));
    }
    notifyAll();
  }

  private double checkpointOfEarlierEpisodes() {
    return Double.parseDouble(slot.initData().get("wu_cpu_time"));
  }

  private void graphics(Matcher match) {
    graphicsUrl = match.group(1);
    timeline.add(Kind.GRAPHICS, match.group(1));
  }

  private synchronized Episode judge() throws IOException {
    Path directory = slot.directory();
    if (!client.dead) {
      readMessages(); // the last ones, written just before the exit
      descendants.forEach(ProcessHandle::destroyForcibly);
      otherPid.ifPresent(p -> ProcessHandle.of(p).ifPresent(ProcessHandle::destroyForcibly));
    }
    int status = process.exitValue();
    EpisodeEnd end =
        ExitFacts.read(
                directory,
                Optional.ofNullable(pending),
                client.dead,
                Optional.ofNullable(killedBy),
                status)
            .decide();
    timeline.add(Kind.EPISODE, "episode %d: %s".formatted(number, end.sentence()));
    return new Episode(
        number,
        end,
        status,
        Duration.ofNanos(System.nanoTime() - launched),
        reports,
        Optional.ofNullable(graphicsUrl));
  }

  /** Waits until the newest report is as wanted. */
  synchronized Optional<AppStatus> awaitStatus(Predicate<AppStatus> wanted, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (isRunning()) {
      Optional<AppStatus> status = status().filter(wanted);
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (status.isPresent() || left <= 0) {
        return status;
      }
      wait(left);
    }
    return status().filter(wanted);
  }
}
