package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.boinc.ClientRequest;
import org.boinc.dockerwrapper.boinc.SharedMemory;
import org.boinc.dockerwrapper.boinc.TemporaryExit;
import org.boinc.dockerwrapper.simulate.Timeline.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one job: starts the real wrapper process in its slot, speaks the real
 * protocol with it, and judges its exit by the client's rules (BOINC client/app_control.cpp).
 *
 * <p>Requests return at once; what the wrapper does shows in {@link #status}, the {@link #timeline}
 * and the {@link Episode}. To be used by one thread.
 */
public final class SimulatedClient implements AutoCloseable {
  private final SimulatedSlot slot;
  private final List<String> command;
  private final ClientTiming timing;
  private final Timeline timeline;
  private final ClientState state = new ClientState();
  private final List<Episode> episodes = new ArrayList<>();
  private @Nullable WrapperProcess wrapper;
  private @Nullable ClientProcess mortal;
  private boolean isMortal;

  /**
   * A client that has prepared a slot and started nothing.
   *
   * @param command the wrapper without the job's arguments
   */
  public SimulatedClient(
      SimulatedSlot slot, List<String> command, ClientTiming timing, Timeline timeline) {
    this.slot = slot;
    this.command = List.copyOf(command);
    this.timing = timing;
    this.timeline = timeline;
  }

  /** The same, patient as the real client, with a timeline that nobody listens to. */
  public SimulatedClient(SimulatedSlot slot, List<String> command) {
    this(slot, command, ClientTiming.REAL, new Timeline(entry -> {}));
  }

  /** From the next start on, client_pid is a process that {@link #clientDeath} can kill. */
  public SimulatedClient mortal() {
    isMortal = true;
    return this;
  }

  /**
   * Starts an episode: removes an old temporary-exit file, empties the shared memory, rewrites
   * init_data.xml, launches the wrapper.
   *
   * @throws IOException if the wrapper can't be started
   */
  public void start() throws IOException {
    if (wrapper != null) {
      if (wrapper.isRunning()) {
        throw new IllegalStateException("the wrapper is still running");
      }
      record(wrapper.episode().join());
    }
    if (isMortal && mortal == null) {
      mortal = new ClientProcess();
      slot.initData().set("client_pid", mortal.pid());
    }
    if (state.dead) {
      // A client that starts looks for requests at once (BOINC client/client_state.cpp).
      state.uploads.takeRequests(slot, timeline);
    }
    state.dead = false;
    Files.deleteIfExists(slot.directory().resolve(TemporaryExit.NAME));
    slot.rewriteInitData();
    // Without shared memory for the wrapper the client still has channels, that nobody hears.
    SharedMemory memory =
        SharedMemory.create(slot.hasSharedMemory() ? slot.directory() : slot.dataDirectory());
    wrapper =
        new WrapperProcess(episodes.size() + 1, slot, command, memory, state, timing, timeline);
  }

  /** Preempts the job and leaves it in memory. */
  public void suspend() {
    running().request(ClientRequest.SUSPEND);
  }

  /** Lets the job go on. */
  public void resume() {
    running().request(ClientRequest.RESUME);
  }

  /** Preempts the job and removes it from memory; kills the wrapper if it doesn't leave in time. */
  public void quit() {
    running().request(ClientRequest.QUIT);
  }

  /** Gives the job up; kills the wrapper if it doesn't leave in time. */
  public void abort() {
    running().request(ClientRequest.ABORT);
  }

  /** Rewrites init_data.xml with what {@link SimulatedSlot#initData} says now, and tells so. */
  public void rereadAppInfo() throws IOException {
    slot.rewriteInitData();
    running().request(ClientRequest.REREAD_APP_INFO);
  }

  /** Kills the wrapper as an out-of-memory killer or an impatient person does. */
  public void kill9() {
    running().kill("kill -9");
  }

  /** The volunteer suspends network activity; said with every heartbeat from now on. */
  public void networkOff() {
    network(true);
  }

  /** Network activity is allowed again. */
  public void networkOn() {
    network(false);
  }

  /** Whether heartbeats are sent; they are, unless a test stops them. */
  public void heartbeats(boolean on) {
    state.heartbeats = on;
  }

  /** The client's state in sporadic mode: 1 don't compute, 2 could compute, 3 computing, 0 none. */
  public void sporadicState(int sporadicState) {
    state.sporadicState = sporadicState;
  }

  /**
   * The client dies without a word: its process is gone, nobody sends or reads messages.
   *
   * @throws IllegalStateException unless the client is {@link #mortal}
   */
  public void clientDeath() {
    if (mortal == null) {
      throw new IllegalStateException("client_pid is not a process that may be killed");
    }
    timeline.add(Kind.NOTE, "the client dies");
    state.dead = true;
    mortal.close();
    mortal = null;
  }

  /** The newest status report of the running or last wrapper. */
  public Optional<AppStatus> status() {
    return wrapper == null ? Optional.empty() : wrapper.status();
  }

  /** Waits for a report in the present episode; empty if time or wrapper end before. */
  public Optional<AppStatus> awaitStatus(Predicate<AppStatus> wanted, Duration patience)
      throws InterruptedException {
    return running().awaitStatus(wanted, patience);
  }

  /** The wrapper process, running or not. */
  public long wrapperPid() {
    return running().pid();
  }

  /** Whether the wrapper process runs. */
  public boolean isRunning() {
    return wrapper != null && wrapper.isRunning();
  }

  /**
   * Waits for the end of the present episode.
   *
   * @throws TimeoutException with the end of stderr.txt, if the wrapper runs longer
   * @throws IOException if the slot can't be read any more
   */
  public Episode awaitExit(Duration patience)
      throws InterruptedException, TimeoutException, IOException {
    try {
      Episode episode = running().episode().get(patience.toNanos(), TimeUnit.NANOSECONDS);
      record(episode);
      return episode;
    } catch (TimeoutException tooLong) {
      TimeoutException told =
          new TimeoutException(
              "the wrapper still runs after %s; stderr.txt: %s"
                  .formatted(patience, slot.stderrText()));
      told.initCause(tooLong);
      throw told;
    } catch (ExecutionException failure) {
      throw new IOException("the wrapper could not be watched", failure.getCause());
    }
  }

  /** Waits a little; whether the present episode has ended by then. */
  boolean exitsWithin(Duration patience) throws InterruptedException {
    return running().exitsWithin(patience);
  }

  /** The episode that has just ended. */
  Episode lastEpisode() throws InterruptedException, IOException {
    try {
      return awaitExit(Duration.ZERO);
    } catch (TimeoutException running) {
      throw new IllegalStateException("the wrapper is still running", running);
    }
  }

  /** All episodes that have ended. */
  public List<Episode> episodes() {
    return List.copyOf(episodes);
  }

  /** The slot that the wrapper runs in. */
  public SimulatedSlot slot() {
    return slot;
  }

  /** What was uploaded before the end of the job. */
  EarlyUploads uploads() {
    return state.uploads;
  }

  /** What happened so far. */
  public Timeline timeline() {
    return timeline;
  }

  /** Kills whatever still runs and waits for its end. */
  @Override
  public void close() {
    if (wrapper != null && wrapper.isRunning()) {
      wrapper.kill("the simulation ends");
      wrapper.episode().exceptionally(failure -> null).join();
    }
    if (mortal != null) {
      mortal.close();
    }
  }

  private void network(boolean off) {
    timeline.add(Kind.NOTE, off ? "network suspended" : "network allowed");
    state.networkSuspended = off;
  }

  private void record(Episode episode) {
    if (episode.number() > episodes.size()) {
      episodes.add(episode);
    }
  }

  private WrapperProcess running() {
    if (wrapper == null) {
      throw new IllegalStateException("no wrapper has been started");
    }
    return wrapper;
  }
}
