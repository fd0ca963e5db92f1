package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupsTest {
  @TempDir Path root;
  private Cgroups cgroups;

  @BeforeEach
  void place() {
    cgroups = new Cgroups(root.resolve("proc"), root.resolve("groups"));
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Optional<ResourceUsage> usage(long pid) {
    return cgroups.accounts("abc", pid).flatMap(KernelAccounts::usage);
  }

  @Test
  void theProcessesOfTheContainersOwnGroupAreSeenInBothVersions() throws Exception {
    write("proc/7/cgroup", "0::/user.slice/libpod-abc.scope/container\n");
    write("groups/user.slice/libpod-abc.scope/container/cgroup.procs", "7\n9\n");
    assertEquals(List.of(7L, 9L), cgroups.processes("abc", 7));
    write("proc/8/cgroup", "5:cpu,cpuacct:/docker/def\n0::/docker/def\n");
    write("groups/cpuacct/docker/def/cgroup.procs", "8\n");
    assertEquals(List.of(8L), cgroups.processes("def", 8));
    assertEquals(List.of(), cgroups.processes("another", 8));
  }

  @Test
  void versionTwoIsRead() throws Exception {
    write("proc/7/cgroup", "0::/system.slice/docker-abc.scope\n");
    write("groups/system.slice/docker-abc.scope/cpu.stat", "usage_usec 1500000\nuser_usec 1\n");
    write("groups/system.slice/docker-abc.scope/memory.current", "5000\n");
    write(
        "groups/system.slice/docker-abc.scope/memory.stat", "active_file 1\ninactive_file 2000\n");
    assertEquals(Optional.of(new ResourceUsage(1.5, 3000)), usage(7));
  }

  @Test
  void versionOneIsReadAlsoBesideAnEmptyVersionTwo() throws Exception {
    write("proc/7/cgroup", "5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/docker/abc\n");
    write("groups/cpuacct/docker/abc/cpuacct.usage", "2500000000\n");
    write("groups/memory/docker/abc/memory.usage_in_bytes", "5000\n");
    write("groups/memory/docker/abc/memory.stat", "inactive_file 1\ntotal_inactive_file 2000\n");
    assertEquals(Optional.of(new ResourceUsage(2.5, 3000)), usage(7));
  }

  @Test
  void theBytesOfAllInterfacesButTheLoopAreAddedUp() throws Exception {
    write("proc/7/cgroup", "0::/system.slice/docker-abc.scope\n");
    write(
        "proc/7/net/dev",
        """
        Inter-| Receive | Transmit
         face |bytes packets|bytes
            lo: 500 5 0 0 0 0 0 0 500 5 0 0 0 0 0 0
          eth0:1000 5 0 0 0 0 0 0 20 5 0 0 0 0 0 0
          eth1: 7 5 0 0 0 0 0 0 3 5 0 0 0 0 0 0
        """);
    assertEquals(Optional.of(new NetworkBytes(1007, 23)), cgroups.network("abc", 7));
    assertEquals(Optional.empty(), cgroups.network("def", 7), "another's process");
    write("proc/7/net/dev", "eth0: 1 2\n");
    assertEquals(Optional.empty(), cgroups.network("abc", 7));
  }

  @Test
  void aProcessOfSomebodyElseIsNotMeasured() throws Exception {
    write("proc/7/cgroup", "0::/user.slice\n");
    write("groups/user.slice/cpu.stat", "usage_usec 1500000\n");
    write("groups/user.slice/memory.current", "5000\n");
    write("groups/user.slice/memory.stat", "inactive_file 2000\n");
    assertEquals(Optional.empty(), usage(7));
  }

  @Test
  void whatCannotBeReadIsNotGuessed() throws Exception {
    assertEquals(Optional.empty(), usage(8));
    write("proc/7/cgroup", "0::/docker/abc\n");
    assertEquals(Optional.empty(), usage(7));
    write("groups/docker/abc/cpu.stat", "usage_usec many\n");
    assertEquals(Optional.empty(), usage(7));
  }

  @Test
  void memoryIsReadAnewNowAndThenAndCpuTimeAlways() throws Exception {
    write("proc/7/cgroup", "0::/docker/abc\n");
    write("groups/docker/abc/cpu.stat", "usage_usec 1000000\n");
    write("groups/docker/abc/memory.current", "5000\n");
    write("groups/docker/abc/memory.stat", "inactive_file 2000\n");
    KernelAccounts accounts = cgroups.accounts("abc", 7).orElseThrow();
    assertEquals(Optional.of(new ResourceUsage(1, 3000)), accounts.usage());

    write("groups/docker/abc/cpu.stat", "usage_usec 2000000\n");
    write("groups/docker/abc/memory.current", "6000\n");
    for (int i = 0; i < 4; i++) {
      assertEquals(Optional.of(new ResourceUsage(2, 3000)), accounts.usage());
    }
    assertEquals(Optional.of(new ResourceUsage(2, 4000)), accounts.usage());
  }

  @Test
  void theAccountsOfAnEndedContainerAreEmpty() throws Exception {
    write("proc/7/cgroup", "0::/docker/abc\n");
    write("groups/docker/abc/cpu.stat", "usage_usec 1000000\n");
    write("groups/docker/abc/memory.current", "5000\n");
    write("groups/docker/abc/memory.stat", "inactive_file 2000\n");
    KernelAccounts accounts = cgroups.accounts("abc", 7).orElseThrow();
    Files.delete(root.resolve("groups/docker/abc/cpu.stat"));

    assertEquals(Optional.empty(), accounts.usage());
  }
}
