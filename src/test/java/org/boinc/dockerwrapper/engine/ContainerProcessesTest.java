package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads a directory that looks like /proc; real containers are stopped in ControlConformanceIT. */
class ContainerProcessesTest {
  private static final String ID = "f00d".repeat(16);

  @TempDir Path proc;

  private ContainerProcesses container() {
    return new ContainerProcesses(proc, ID, 7, Path.of("pid:[42]"));
  }

  /** A process whose threads are in these states. */
  private void process(long pid, int namespace, String name, String threads) throws IOException {
    Path directory = proc.resolve(Long.toString(pid));
    Files.createDirectories(directory.resolve("ns"));
    Path link = directory.resolve("ns/pid");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of("pid:[" + namespace + "]"));
    for (int i = 0; i < threads.length(); i++) {
      Path thread = Files.createDirectories(directory.resolve("task/" + (pid + i)));
      Files.writeString(thread.resolve("stat"), stat(pid + i, name, threads.charAt(i)));
    }
    Files.writeString(directory.resolve("stat"), stat(pid, name, threads.charAt(0)));
    Files.writeString(
        directory.resolve("status"),
        "Name:\tx\nVmRSS:\t     999 kB\nRssAnon:\t     3 kB\nRssFile:\t     90 kB\nRssShmem:\t       1 kB\n");
  }

  private static String stat(long pid, String name, char state) {
    return pid
        + " ("
        + name
        + ") "
        + state
        + " 1 7 7 0 -1 4194560 1084 58 2 0 100 50 20 30 20 0 1\n";
  }

  @Test
  void theyAreStoppedWhenEachThreadIs() throws IOException {
    process(7, 42, "sh", "T");
    process(9, 42, "a b) R (", "TtT");
    process(11, 42, "ended", "Z");
    process(13, 1, "of somebody else", "R");
    assertTrue(container().stopped());
    process(9, 42, "a b) R (", "TRT");
    assertFalse(container().stopped());
    process(9, 42, "a b) R (", "ZS");
    assertFalse(container().stopped());
  }

  @Test
  void withoutAFirstProcessNothingIsStopped() {
    assertFalse(container().stopped());
  }

  @Test
  void whatTheyUseIsAddedUp() throws IOException {
    process(7, 42, "sh", "S");
    process(9, 42, "child", "R");
    process(13, 1, "of somebody else", "R");
    assertEquals(new ResourceUsage(4.0, 8192, false), container().usage());
  }

  @Test
  void aGroupOfTheContainersOwnIsNamedAfterIt() throws IOException {
    process(7, 42, "sh", "S");
    Files.writeString(proc.resolve("7/cgroup"), "4:memory:/user/slice\n0::/\n");
    assertFalse(container().haveOwnGroup());
    Files.writeString(proc.resolve("7/cgroup"), "0::/user/libpod-" + ID + ".scope\n");
    assertTrue(container().haveOwnGroup());
  }

  @Test
  void aProcessOfAnotherMachineIsNotTheContainers() {
    assertEquals(Optional.empty(), ContainerProcesses.of(ID, ProcessHandle.current().pid()));
    assertEquals(Optional.empty(), ContainerProcesses.of(ID, 0));
  }
}
