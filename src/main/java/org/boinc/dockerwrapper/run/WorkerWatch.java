package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.boinc.HeadAndTail;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.engine.LogRange;
import org.boinc.dockerwrapper.engine.ResourceUsage;
import org.boinc.dockerwrapper.plan.ClusterPlan;

/**
 * Watches the further containers of a job while node 0 runs: what they use, and that none fails
 * before it. One that ends well has done its work.
 */
final class WorkerWatch {
  /** A worker that loses its master fails first: node 0's own end then says what happened. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private static final Duration PERIOD = Duration.ofSeconds(1);

  private static final int OUTPUT_EXCERPT = 2 * 1024;

  private static final int LAST_LINES = 40;

  /** One container and what it used when it was last seen. */
  private static final class Watched {
    private final String name;
    private final LowPriority priority;
    private long pid;

    private Watched(String name, LowPriority priority) {
      this.name = name;
      this.priority = priority;
    }
  }

  private final Containers containers;
  private final String node0;
  private final List<Watched> workers = new ArrayList<>();
  private final Map<String, Double> cpu = new HashMap<>();
  private final Consumer<RunEvent> post;
  private final Consumer<String> log;
  private final BooleanSupplier over;

  /**
   * @param node0 ID of the container whose end is the job's
   * @param over whether that one is no longer watched
   */
  WorkerWatch(
      Containers containers,
      ClusterPlan plan,
      String node0,
      boolean lowersPriority,
      Consumer<RunEvent> post,
      Consumer<String> log,
      BooleanSupplier over) {
    this.containers = containers;
    this.node0 = node0;
    this.post = post;
    this.log = log;
    this.over = over;
    plan.workers()
        .forEach(
            worker ->
                workers.add(
                    new Watched(
                        worker.name(),
                        new LowPriority(containers, worker.name(), lowersPriority, log))));
  }

  void start() {
    for (int i = 0; i < workers.size(); i++) {
      String name = workers.get(i).name;
      int node = i + 1;
      Thread.ofPlatform().daemon().name("node" + node).start(() -> watch(name, node));
    }
  }

  /**
   * What all containers use together, for one that was read of node 0. What a worker used before it
   * ended counts on; that of one which ended before this wrapper came is not known any more.
   */
  ResourceUsage with(ResourceUsage ofNode0) throws EngineException {
    double seconds = ofNode0.cpuSeconds();
    long bytes = ofNode0.workingSetBytes();
    for (Watched worker : workers) {
      Optional<ResourceUsage> used = containers.usage(worker.name, pid(worker));
      if (used.isPresent()) {
        cpu.merge(worker.name, used.get().cpuSeconds(), Math::max);
        bytes += used.get().workingSetBytes();
      } else {
        worker.pid = 0;
      }
      seconds += cpu.getOrDefault(worker.name, 0.0);
    }
    return new ResourceUsage(seconds, bytes, false);
  }

  private long pid(Watched worker) throws EngineException {
    if (worker.pid == 0) {
      worker.pid = containers.inspect(worker.name).pid();
    }
    return worker.pid;
  }

  /** See {@link Containers#writableBytes}. */
  long writableBytes() throws EngineException {
    long sum = 0;
    for (Watched worker : workers) {
      sum += containers.writableBytes(worker.name);
    }
    return sum;
  }

  void keepPriority() throws InterruptedException {
    for (Watched worker : workers) {
      worker.priority.keep(worker.pid);
    }
  }

  private void watch(String name, int node) {
    try {
      Optional<String> death = Optional.empty();
      while (!over.getAsBoolean()) {
        death = death.isPresent() ? death : death(name, node);
        if (death.isEmpty()) {
          Thread.sleep(PERIOD);
        } else if (death.get().isEmpty()) {
          return;
        } else if (node0Lives()) {
          // Told again until it is heard: a step may be in progress.
          post.accept(new RunEvent.OverLimit(LimitKind.WORKER, death.get()));
          Thread.sleep(PERIOD);
        } else {
          Thread.sleep(PERIOD);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Empty: not known; an empty sentence: it ended well. */
  private Optional<String> death(String name, int node) throws InterruptedException {
    try {
      int status = containers.awaitExit(name);
      if (status == 0) {
        return Optional.of("");
      }
      Thread.sleep(GRACE);
      if (over.getAsBoolean()) {
        return Optional.empty();
      }
      ContainerSighting ended = containers.inspect(name);
      tellOutput(name, node);
      return Optional.of(
          "node %d of the job ended with status %d%s before node 0 did, so that the job can't go on"
              .formatted(node, status, ended.oomKilled() ? " for want of memory" : ""));
    } catch (EngineException e) {
      return e.fault() == Fault.NOT_FOUND
          ? Optional.of("node %d of the job is gone, so that the job can't go on".formatted(node))
          : Optional.empty();
    }
  }

  private void tellOutput(String name, int node) {
    HeadAndTail output = new HeadAndTail(OUTPUT_EXCERPT, OUTPUT_EXCERPT);
    try {
      containers.logs(
          name,
          LogRange.last(LAST_LINES),
          true,
          true,
          (_, bytes) -> output.append(bytes, 0, bytes.length));
    } catch (EngineException | IOException e) {
      log.accept("the output of node %d can't be had: %s".formatted(node, e.getMessage()));
    }
    if (!output.text().isBlank()) {
      log.accept("node %d wrote: %s".formatted(node, output.text().strip()));
    }
  }

  private boolean node0Lives() {
    try {
      return switch (containers.inspect(node0).state()) {
        case RUNNING, PAUSED, RESTARTING -> true;
        case CREATED, EXITED, REMOVING, DEAD -> false;
      };
    } catch (EngineException e) {
      return false;
    }
  }
}
