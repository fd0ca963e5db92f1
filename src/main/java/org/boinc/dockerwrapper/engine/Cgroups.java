package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.KernelAccounts.Entry;

/**
 * Finds where the kernel accounts for a container, and its processes.
 *
 * @param processes {@code /proc}
 * @param groups {@code /sys/fs/cgroup}
 */
record Cgroups(Path processes, Path groups) {
  static final Cgroups OF_HOST = new Cgroups(Path.of("/proc"), Path.of("/sys/fs/cgroup"));

  /** Empty where the groups cannot be read, or the process is not the container's any more. */
  Optional<KernelAccounts> accounts(String containerId, long pid) {
    try {
      return accounts(byController(containerId, pid));
    } catch (IOException notReadable) {
      return Optional.empty();
    }
  }

  /**
   * The container's processes; none where the groups cannot be seen, or the process is not the
   * container's any more.
   *
   * @param pid one of them
   * @throws IOException where the container has ended just now
   */
  List<Long> processes(String containerId, long pid) throws IOException {
    Map<String, String> byController = byController(containerId, pid);
    for (String controller : List.of("cpuacct", "")) {
      String group = byController.get(controller);
      if (group != null) {
        Path members = groups.resolve(controller).resolve(group).resolve("cgroup.procs");
        return Files.readAllLines(members).stream().map(Long::valueOf).toList();
      }
    }
    return List.of();
  }

  /** What went over its network; empty where the process is not the container's any more. */
  Optional<NetworkBytes> network(String containerId, long pid) {
    try {
      return byController(containerId, pid).isEmpty()
          ? Optional.empty()
          : Optional.of(
              NetworkBytes.parse(Files.readAllLines(processes.resolve(pid + "/net/dev"))));
    } catch (IOException | NumberFormatException | NoSuchElementException notReadable) {
      return Optional.empty();
    }
  }

  /** Where the container's groups are, by controller; in version 2 there is one without a name. */
  private Map<String, String> byController(String containerId, long pid) throws IOException {
    Map<String, String> byController = new HashMap<>();
    for (String line : Files.readAllLines(processes.resolve(pid + "/cgroup"))) {
      // A process number is used again: only a group named after the container counts.
      if (!line.contains(containerId)) {
        continue;
      }
      List<String> parts = Arrays.asList(line.split(":", 3));
      if (parts.size() == 3) {
        for (String controller : parts.get(1).split(",", -1)) {
          byController.put(controller, parts.get(2).substring(1));
        }
      }
    }
    return byController;
  }

  private Optional<KernelAccounts> accounts(Map<String, String> byController) {
    String cpu = byController.get("cpuacct");
    String memory = byController.get("memory");
    if (cpu != null && memory != null) {
      Path accounts = groups.resolve("memory").resolve(memory);
      return Optional.of(
          new KernelAccounts(
              new Entry(groups.resolve("cpuacct").resolve(cpu).resolve("cpuacct.usage"), ""),
              1e9,
              new Entry(accounts.resolve("memory.usage_in_bytes"), ""),
              new Entry(accounts.resolve("memory.stat"), "total_inactive_file")));
    }
    String unified = byController.get("");
    if (unified == null || cpu != null || memory != null) {
      return Optional.empty();
    }
    Path group = groups.resolve(unified);
    return Optional.of(
        new KernelAccounts(
            new Entry(group.resolve("cpu.stat"), "usage_usec"),
            1e6,
            new Entry(group.resolve("memory.current"), ""),
            new Entry(group.resolve("memory.stat"), "inactive_file")));
  }
}
