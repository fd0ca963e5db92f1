package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.boinc.HeadAndTail;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.FileStamp;
import org.boinc.dockerwrapper.plan.CheckpointPlan;
import org.boinc.dockerwrapper.plan.JobPlan;

/**
 * Sees the checkpoints that the job makes, and asks it to make them. What one covers is noted in
 * the journal as the CPU time when it was begun, never later.
 */
final class Checkpointer {
  /** What a request may take; the next one is not made before its end. */
  private static final Duration REQUEST_LIMIT = Duration.ofMinutes(5);

  /** Looking into a container costs the engine more than looking at a file. */
  private static final int SECONDS_PER_LOOK_INSIDE = 10;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final int OUTPUT_EXCERPT = 1024;
  private static final double MICROSECONDS = 1e6;

  private final Engine engine;
  private final String container;
  private final CheckpointPlan plan;
  private final JobPlan job;
  private final Journal journal;
  private final Consumer<String> log;
  private final AtomicBoolean asking = new AtomicBoolean();
  private boolean looked;
  private Optional<FileStamp> known = Optional.empty();
  private Optional<FileStamp> growing = Optional.empty();
  private double cpuBefore;
  private int lastRequest;
  private volatile boolean failureSaid;

  /**
   * For one run of the container.
   *
   * @param job has a checkpoint plan
   * @param log takes a sentence
   */
  Checkpointer(
      Engine engine, String container, JobPlan job, Journal journal, Consumer<String> log) {
    this.engine = engine;
    this.container = container;
    this.plan = job.checkpoint().orElseThrow();
    this.job = job;
    this.journal = journal;
    this.log = log;
  }

  /** To be called right after the start: what is there then is no news, and what comes soon is. */
  void watchEarly() throws EngineException, IOException {
    if (plan.file().isPresent() || !looked) {
      look();
    }
  }

  /**
   * To be called once a second while the job computes.
   *
   * @param second of the job's run time in this episode
   */
  void watch(int second) throws EngineException, IOException {
    if (plan.file().isPresent() || second % SECONDS_PER_LOOK_INSIDE == 0) {
      look();
    }
    if (plan.isAsked() && second - lastRequest >= plan.period().toSeconds()) {
      lastRequest = second;
      if (asking.compareAndSet(false, true)) {
        Thread.ofPlatform().daemon().name("checkpoint").start(this::askAside);
      }
    }
  }

  /**
   * Looks at the job's file once. A new one counts when it has come to rest: it looks the same
   * twice.
   *
   * @return whether there is a new checkpoint
   */
  private boolean look() throws EngineException, IOException {
    if (!plan.isSeen()) {
      return false;
    }
    Optional<FileStamp> found = stamp();
    if (!looked) {
      looked = true;
      known = found;
    }
    if (found.equals(known) || found.isEmpty()) {
      growing = Optional.empty();
      cpuBefore = cpu();
      return false;
    }
    if (!found.equals(growing)) {
      growing = found;
      return false;
    }
    known = found;
    made(cpuBefore);
    cpuBefore = cpu();
    return true;
  }

  private Optional<FileStamp> stamp() throws EngineException, IOException {
    return plan.file().isPresent()
        ? UploadSource.onHost(plan.file().get())
        : engine.copies().look(container, job.container().absolute(plan.path().orElseThrow()));
  }

  private double cpu() {
    return journal.get(e -> e.cpu).total();
  }

  /** In whole microseconds: the client keeps no more, and takes any difference for news. */
  private void made(double cpuTime) {
    double cpuSeconds = Math.floor(cpuTime * MICROSECONDS) / MICROSECONDS;
    journal.note(e -> e.checkpointCpu = Math.max(e.checkpointCpu, cpuSeconds));
    if (job.verbosity() > 1) {
      log.accept("the job made a checkpoint that covers %.1f s of CPU time".formatted(cpuSeconds));
    }
  }

  private void askAside() {
    try {
      ask(REQUEST_LIMIT);
    } catch (EngineException | IOException e) {
      // The job goes on, with the checkpoint before.
      sayOnce("asking the job for a checkpoint failed: " + e.getMessage());
    } finally {
      asking.set(false);
    }
  }

  /**
   * A command that succeeds has made one, unless a file is to show it.
   *
   * @return whether one is made or on its way
   */
  private boolean ask(Duration limit) throws EngineException, IOException {
    double asked = cpu();
    if (!plan.signal().isEmpty()) {
      engine.containers().signal(container, plan.signal());
      return true;
    }
    HeadAndTail output = new HeadAndTail(OUTPUT_EXCERPT, OUTPUT_EXCERPT);
    int status =
        engine
            .commands()
            .run(
                container,
                plan.command(),
                limit,
                (_, bytes) -> output.append(bytes, 0, bytes.length));
    if (status != 0) {
      sayOnce(
          "checkpoint.command ended with status %d and made no checkpoint: %s"
              .formatted(status, output.text().strip()));
    } else if (!plan.isSeen()) {
      made(asked);
    }
    return status == 0;
  }

  /** A job that can't do it fails every few minutes, for days. */
  private void sayOnce(String sentence) {
    if (!failureSaid) {
      failureSaid = true;
      log.accept(sentence);
    }
  }

  /**
   * Has the running job make one now, where it can be asked, and waits for it.
   *
   * @return whether the job's work up to now is safe
   */
  boolean save(Duration limit) throws EngineException, IOException, InterruptedException {
    if (!plan.isAsked()) {
      return false;
    }
    long end = System.nanoTime() + limit.toNanos();
    look();
    boolean obeyed = ask(limit);
    boolean saved = obeyed && !plan.isSeen();
    while (obeyed && !saved && runs() && System.nanoTime() < end) {
      Thread.sleep(BETWEEN_LOOKS);
      saved = look();
    }
    return saved;
  }

  /** A job may come to its end instead. */
  private boolean runs() throws EngineException {
    return engine.containers().inspect(container).state() == ContainerState.RUNNING;
  }
}
