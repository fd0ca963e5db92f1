package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.engine.KernelAccounts;
import org.boinc.dockerwrapper.engine.ResourceUsage;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.WatchPlan;

/**
 * Watches one run of the container: waits for its end, reads its counters once a second, its
 * progress, its limits. Each on a thread of its own; none of them decides anything.
 */
final class Observer implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private static final Duration EARLY_PERIOD = Duration.ofMillis(200);

  private static final int EARLY_SAMPLES = 10;

  /**
   * The journal's CPU time may lag by this much when the wrapper is killed; the container's own
   * counter does not.
   */
  private static final int SECONDS_PER_SAVE = 30;

  /** Looking into a container costs the engine more than reading a file. */
  private static final int SECONDS_PER_LOOK_INSIDE = 10;

  /** Each time two small files of the kernel are read. */
  private static final int SECONDS_PER_COUNT = 5;

  /** A job that is over in a second need not pay for it. */
  private static final int EARLY_SAMPLE_OF_PRIORITY = 5;

  private static final int SECONDS_PER_PRIORITY = 30;

  /** The wait tells of a container's end before so many samples in a row have found nothing. */
  private static final int SILENT_SAMPLES = 2;

  private final Engine engine;
  private final JobNetwork network;
  private final String container;
  private final JobPlan plan;
  private final Journal journal;
  private final Consumer<RunEvent> post;
  private final Consumer<String> trouble;
  private final ProgressReader progress;
  private final StallWatch stall;
  private final OutputFollower output;
  private final ProgressFile progressFile;
  private final Uploads uploads;
  private final LowPriority priority;
  private final DiskWatch disk;
  private final Optional<Checkpointer> checkpoints;
  private final Optional<WorkerWatch> workers;
  private long pid;
  private Optional<KernelAccounts> accounts = Optional.empty();
  private int silentSamples;
  private volatile boolean closed;
  private volatile boolean paused;
  private volatile boolean ended;
  private volatile boolean watchedToTheEnd;
  private volatile OptionalLong workingSet = OptionalLong.empty();

  Observer(
      Engine engine,
      JobNetwork network,
      String container,
      Path slot,
      JobPlan plan,
      Journal journal,
      Consumer<RunEvent> post,
      Consumer<String> trouble,
      Uploads uploads,
      boolean lowersPriority) {
    this.engine = engine;
    this.network = network;
    this.container = container;
    this.plan = plan;
    this.journal = journal;
    this.post = post;
    this.trouble = trouble;
    this.progress = new ProgressReader(plan.watch().patterns());
    this.stall = new StallWatch(plan.watch().stallTimeout());
    this.output = new OutputFollower(plan.watch(), progress, stall);
    this.progressFile = new ProgressFile(plan, progress, stall);
    this.uploads = uploads;
    this.disk = new DiskWatch(slot, plan.watch().diskBytes());
    this.checkpoints =
        plan.checkpoint().map(_ -> new Checkpointer(engine, container, plan, journal, trouble));
    this.workers =
        plan.cluster()
            .map(
                cluster ->
                    new WorkerWatch(
                        engine.containers(),
                        cluster,
                        container,
                        lowersPriority,
                        post,
                        trouble,
                        () -> closed || ended));
    this.priority = new LowPriority(engine.containers(), container, lowersPriority, trouble);
  }

  void start() {
    uploads.start();
    Thread.ofPlatform().daemon().name("wait").start(this::waitForEnd);
    Thread.ofPlatform().daemon().name("sample").start(this::sample);
    workers.ifPresent(WorkerWatch::start);
    if (output.isWanted()) {
      Thread.ofPlatform().daemon().name("output").start(this::followOutput);
    }
  }

  /** A paused container's run time does not count. */
  void paused(boolean value) {
    paused = value;
    uploads.paused(value);
  }

  /** The wait is over: the container's end was seen, or the connection broke. */
  boolean ended() {
    return ended;
  }

  boolean watchedToTheEnd() {
    return watchedToTheEnd;
  }

  OptionalDouble fraction() {
    return progress.fraction();
  }

  OptionalLong workingSet() {
    return workingSet;
  }

  private void waitForEnd() {
    try {
      engine.containers().awaitExit(container);
      watchedToTheEnd = true;
    } catch (EngineException e) {
      if (!closed) {
        trouble.accept(e.sentence());
        pauseBeforeLooking();
      }
    }
    ended = true;
    if (!closed) {
      post.accept(new RunEvent.WatchEnded());
    }
  }

  /** An engine that goes down and up at once is not asked a thousand times a second. */
  private static void pauseBeforeLooking() {
    try {
      Thread.sleep(PERIOD);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sample() {
    try {
      lookAtCheckpoint();
      // A job of a second or two would end before the first sample, with no CPU time to its name.
      for (int early = 0; early < EARLY_SAMPLES && !closed && !ended; early++) {
        Thread.sleep(EARLY_PERIOD);
        sampleUsage(EARLY_PERIOD);
        lookAtCheckpoint();
        if (early == EARLY_SAMPLE_OF_PRIORITY) {
          keepPriority();
        }
      }
      countBytes();
      for (int second = 1; !closed && !ended; second++) {
        Thread.sleep(PERIOD);
        if (closed) {
          return;
        }
        if (paused) {
          checkRest();
        } else {
          sampleOnce(second);
          if (second % SECONDS_PER_COUNT == 0) {
            countBytes();
          }
          if (second % SECONDS_PER_PRIORITY == 0) {
            keepPriority();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What comes and goes after the last time is not counted. */
  private void countBytes() {
    network
        .bytes(engine, plan.container(), container, pid)
        .ifPresent(bytes -> journal.note(e -> e.transferred(bytes)));
  }

  private void keepPriority() throws InterruptedException {
    priority.keep(pid);
    if (workers.isPresent()) {
      workers.get().keepPriority();
    }
  }

  private void lookAtCheckpoint() {
    try {
      if (checkpoints.isPresent()) {
        checkpoints.get().watchEarly();
      }
    } catch (EngineException | IOException e) {
      trouble.accept("looking at the job's checkpoint failed: " + e.getMessage());
    }
  }

  private void sampleOnce(int second) {
    try {
      account(PERIOD);
      if (second % SECONDS_PER_SAVE == 0) {
        journal.update(e -> {});
      }
      progressFile.read(engine, container, second % SECONDS_PER_LOOK_INSIDE == 0);
      if (checkpoints.isPresent()) {
        checkpoints.get().watch(second);
      }
      checkLimits(second);
    } catch (EngineException | IOException e) {
      // The container may have ended just now, and the wait will tell.
      if (!ended && second % SECONDS_PER_SAVE == 0) {
        trouble.accept("reading the container's counters failed: " + e.getMessage());
      }
    }
  }

  /** Anybody of this user may let a process go on that was only stopped by a signal. */
  private void checkRest() {
    try {
      if (journal.get(e -> e.stopsBySignals)
          && !engine.containers().isStopped(container, pid())
          && paused
          && !ended) {
        post.accept(new RunEvent.WatchEnded());
      }
    } catch (EngineException e) {
      // Where the engine is away the wait will tell.
      pid = 0;
    }
  }

  /** Asked once, and not before the first sample: most of what is needed then is in the kernel. */
  private long pid() throws EngineException {
    if (pid == 0) {
      pid = engine.containers().inspect(container).pid();
    }
    return pid;
  }

  /** An early sample; the wait tells better than an error here that the job has ended already. */
  private void sampleUsage(Duration period) {
    try {
      if (!paused) {
        account(period);
      }
    } catch (EngineException e) {
      if (!ended && e.fault() != Fault.NOT_FOUND) {
        trouble.accept("reading the container's counters failed: " + e.sentence());
      }
    }
  }

  /** Of all the job's containers; empty where it does not run. */
  private Optional<ResourceUsage> usage() throws EngineException {
    Optional<ResourceUsage> own = ownUsage();
    return own.isPresent() && workers.isPresent()
        ? Optional.of(workers.get().with(own.get()))
        : own;
  }

  /**
   * Empty where it does not run. The engine is asked only where the kernel does not tell: for
   * nothing else in the life of most jobs docker-java would be loaded.
   */
  private Optional<ResourceUsage> ownUsage() throws EngineException {
    if (accounts.isPresent()) {
      return accounts.get().usage();
    }
    long process = pid();
    accounts = engine.containers().accounts(container, process);
    if (accounts.isPresent()) {
      return accounts.get().usage();
    }
    return process == 0 ? Optional.empty() : engine.containers().usage(container, process);
  }

  private void account(Duration period) throws EngineException {
    Optional<ResourceUsage> usage = usage();
    if (usage.isPresent()) {
      silentSamples = 0;
      if (!usage.get().counted()) {
        checkMemory(usage.get().workingSetBytes());
      }
      workingSet = OptionalLong.of(usage.get().workingSetBytes());
      journal.note(
          e -> {
            double seconds = usage.get().cpuSeconds();
            e.cpu = usage.get().counted() ? e.cpu.read(seconds) : e.cpu.addedUp(seconds);
            e.runSeconds += period.toMillis() / 1000.0;
          });
    } else if (++silentSamples == SILENT_SAMPLES) {
      silentSamples = 0;
      doubtTheWait();
    }
  }

  /** Where the kernel counts it also keeps the limit. */
  private void checkMemory(long used) {
    long limit = plan.memoryBytes();
    if (limit > 0 && used > limit) {
      post.accept(
          new RunEvent.OverLimit(
              LimitKind.MEMORY,
              "the job uses %d MiB of memory, more than its limit of %d MiB (rsc_memory_bound or resources.memory)"
                  .formatted(used >> 20, limit >> 20)));
    }
  }

  /** A wait that the engine has forgotten is as silent as one for a job that goes on. */
  private void doubtTheWait() throws EngineException {
    boolean over =
        switch (engine.containers().inspect(container).state()) {
          case EXITED, REMOVING, DEAD -> true;
          case CREATED, RUNNING, PAUSED, RESTARTING -> false;
        };
    if (over && !ended && !closed) {
      ended = true;
      post.accept(new RunEvent.WatchEnded());
    }
  }

  private void checkLimits(int second) throws EngineException, IOException {
    WatchPlan watch = plan.watch();
    double ran = journal.get(e -> e.runSeconds);
    if (!watch.timeLimit().isZero() && ran > watch.timeLimit().toSeconds()) {
      post.accept(
          new RunEvent.OverLimit(
              LimitKind.TIME,
              "the job ran for %.0f s, longer than resources.time_limit of %d s"
                  .formatted(ran, watch.timeLimit().toSeconds())));
    }
    if (stall.stalled(ran)) {
      post.accept(
          new RunEvent.OverLimit(
              LimitKind.STALL,
              "the job wrote nothing and got no further for more than %d s (progress.stall_timeout): it hangs"
                  .formatted(watch.stallTimeout().toSeconds())));
    }
    if (disk.isDue(second)) {
      long used = engine.containers().writableBytes(container) + mountedBytes();
      used += workers.isPresent() ? workers.get().writableBytes() : 0;
      if (used > watch.diskBytes()) {
        post.accept(
            new RunEvent.OverLimit(
                LimitKind.DISK,
                "the job uses %d MiB of disk, more than its limit of %d MiB (rsc_disk_bound or resources.disk)"
                    .formatted(used >> 20, watch.diskBytes() >> 20)));
      }
    }
  }

  /** In the slot, and in the project directory where the job's outputs are mounted. */
  private long mountedBytes() throws IOException {
    long sum = plan.work().isPresent() ? UntrustedTree.bytes(plan.work().get().directory()) : 0;
    for (JobPlan.OutputLink output : plan.outputs()) {
      sum += output.path().toFile().length();
    }
    return sum;
  }

  private void followOutput() {
    try {
      output.follow(engine.containers(), container);
    } catch (EngineException | IOException e) {
      if (!closed && !ended) {
        trouble.accept("following the job's output failed: " + e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    uploads.stop();
  }
}
