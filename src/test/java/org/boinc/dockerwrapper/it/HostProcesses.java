package org.boinc.dockerwrapper.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Processes as the host's kernel shows them, those of containers too. */
public final class HostProcesses {
  private HostProcesses() {}

  /** A process and all that descend from it. */
  public static List<Long> family(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(first -> Stream.concat(Stream.of(first), first.descendants()))
        .map(ProcessHandle::pid)
        .toList();
  }

  /** The nice values that occur among them, as {@code ps} says. */
  public static Set<String> niceValues(List<Long> pids) throws IOException, InterruptedException {
    String list = pids.stream().map(String::valueOf).collect(Collectors.joining(","));
    Process asked = new ProcessBuilder("ps", "-o", "ni=", "-p", list).start();
    String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    asked.waitFor();
    return said.lines().map(String::strip).collect(Collectors.toCollection(TreeSet::new));
  }
}
