package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The processes of one container as this host's kernel shows them. Where an engine can't freeze a
 * container (rootless, without a control group of its own) they are stopped by signals; where it
 * can't count, what they use is added up.
 *
 * <p>The owner of a user namespace may signal and read all processes in it, whatever users they run
 * as.
 *
 * @param processes {@code /proc}
 * @param container its ID
 * @param init the container's first process
 * @param namespace of process numbers, which all of them share
 */
record ContainerProcesses(Path processes, String container, long init, Path namespace) {
  private static final Path PROC = Path.of("/proc");

  /** For those that are in the kernel when they are stopped. */
  private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(5);

  /**
   * Those of a container; empty where this host has no such processes, as when the engine is on
   * another.
   *
   * @param pid of the last {@link ContainerSighting}
   */
  static Optional<ContainerProcesses> of(String id, long pid) {
    if (pid <= 0) {
      return Optional.empty();
    }
    Path init = PROC.resolve(Long.toString(pid));
    try {
      // A number is used again, and means something else on another machine. The engine binds
      // files of the container's own directory, which is named after it.
      if (!Files.readString(init.resolve("mountinfo")).contains(id)) {
        return Optional.empty();
      }
      Path namespace = namespace(init);
      return namespace.equals(namespace(PROC.resolve("self")))
          ? Optional.empty()
          : Optional.of(new ContainerProcesses(PROC, id, pid, namespace));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static Path namespace(Path process) throws IOException {
    return Files.readSymbolicLink(process.resolve("ns/pid"));
  }

  /** Whether a look at all of them may be worth it. */
  static boolean mayBeStopped(long pid) {
    return pid > 0 && ProcessStat.read(PROC, pid).filter(ProcessStat::stopped).isPresent();
  }

  /** Whether there is a control group for this container alone: it is named after it. */
  boolean haveOwnGroup() {
    try {
      return Files.readString(processes.resolve(init + "/cgroup")).contains(container);
    } catch (IOException ended) {
      return true;
    }
  }

  /** Whether all are stopped, and there is one at least. */
  boolean stopped() {
    Optional<ProcessStat> first = ProcessStat.read(processes, init);
    return first.filter(ProcessStat::stopped).isPresent() && running().isEmpty();
  }

  /** Whether one at least is stopped: others may have been let go on by somebody else. */
  boolean partlyStopped() {
    return members().stream().anyMatch(ProcessStat::held);
  }

  /**
   * Stops all, also those that are forked meanwhile.
   *
   * @return whether they are; false when the time is over
   */
  boolean stop(Duration patience) throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (List<ProcessStat> left = running(); !left.isEmpty(); left = running()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      Signal.STOP.send(left.stream().map(ProcessStat::pid).toList());
      Thread.sleep(BETWEEN_ROUNDS);
    }
    return true;
  }

  /** Lets all go on. Parents last: they would see children that are stopped. */
  void go() throws IOException, InterruptedException {
    Signal.CONT.send(pids().reversed());
  }

  private List<ProcessStat> running() {
    return members().stream().filter(process -> !process.stopped()).toList();
  }

  /**
   * CPU time of all, with their ended children; memory without files. What was used by children
   * whose parent does not care for them is lost, so the sum may go back.
   */
  ResourceUsage usage() {
    double cpu = 0;
    long memory = 0;
    for (ProcessStat process : members()) {
      cpu += process.cpuSeconds();
      memory += process.memoryBytes(processes);
    }
    return new ResourceUsage(cpu, memory, false);
  }

  /** Their numbers. */
  List<Long> pids() {
    return members().stream().map(ProcessStat::pid).toList();
  }

  /** In the order of their numbers, mostly parents first. */
  private List<ProcessStat> members() {
    List<ProcessStat> members = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(processes, "[0-9]*")) {
      for (Path process : all) {
        if (isMember(process)) {
          ProcessStat.read(processes, Long.parseLong(process.getFileName().toString()))
              .ifPresent(members::add);
        }
      }
    } catch (IOException gone) {
      return List.of();
    }
    members.sort((one, other) -> Long.compare(one.pid(), other.pid()));
    return members;
  }

  private boolean isMember(Path process) {
    try {
      return namespace(process).equals(namespace);
    } catch (IOException endedOrNotOurs) {
      return false;
    }
  }
}
