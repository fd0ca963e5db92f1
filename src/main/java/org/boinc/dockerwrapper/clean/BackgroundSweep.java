package org.boinc.dockerwrapper.clean;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.boinc.dockerwrapper.clean.Finding.Kind;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Fault;

/**
 * The sweep that every wrapper makes once beside its job, on a thread of its own. It begins late,
 * waits for nobody's lock, and ends with the wrapper wherever it is. The job's log is sent to its
 * project, so it tells how many things went and not whose they were.
 */
public final class BackgroundSweep implements AutoCloseable {
  private static final Duration LEISURE = Duration.ofSeconds(5);

  private final Supplier<Optional<Engine>> engine;
  private final Path client;
  private final long imageLid;
  private final Consumer<String> log;
  private final Thread thread;
  private volatile boolean closed;

  private BackgroundSweep(
      Supplier<Optional<Engine>> engine, Path client, long imageLid, Consumer<String> log) {
    this.engine = engine;
    this.client = client;
    this.imageLid = imageLid;
    this.log = log;
    this.thread = Thread.ofPlatform().daemon().name("sweep").unstarted(this::run);
  }

  /**
   * Begins to wait.
   *
   * @param engine the job's, as soon as it is found
   * @param client the data directory, without links in its path
   * @param imageLid bytes that images kept for projects may take
   * @param log takes a sentence
   */
  public static BackgroundSweep begin(
      Supplier<Optional<Engine>> engine, Path client, long imageLid, Consumer<String> log) {
    BackgroundSweep sweep = new BackgroundSweep(engine, client, imageLid, log);
    sweep.thread.start();
    return sweep;
  }

  private void run() {
    try {
      boolean done = false;
      while (!done) {
        Thread.sleep(LEISURE);
        Optional<Engine> found = engine.get();
        done = found.isPresent() && (!found.get().isOfThisHost() || sweptBy(found.get()));
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } catch (EngineException e) {
      say("left-overs of earlier jobs were not removed: " + e.sentence());
    }
  }

  /** False: the job has cancelled what it was doing, and so what we were. */
  private boolean sweptBy(Engine found) throws EngineException, InterruptedException {
    try {
      sweep(found);
      return true;
    } catch (EngineException e) {
      if (e.fault() == Fault.CANCELLED) {
        return false;
      }
      throw e;
    }
  }

  private void sweep(Engine found) throws EngineException, InterruptedException {
    Sweep.Report report = new Sweep(found, client, imageLid, LEISURE, Duration.ZERO).clean();
    List<Finding> removed = report.removed();
    if (!removed.isEmpty()) {
      say(
          "removed what earlier jobs had left behind: %d containers, %d networks, %d images"
              .formatted(
                  count(removed, Kind.CONTAINER),
                  count(removed, Kind.NETWORK),
                  count(removed, Kind.IMAGE)));
    }
  }

  private static long count(List<Finding> findings, Kind kind) {
    return findings.stream().filter(finding -> finding.kind() == kind).count();
  }

  private void say(String line) {
    if (!closed) {
      log.accept(line);
    }
  }

  /** Does not wait for its end. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
