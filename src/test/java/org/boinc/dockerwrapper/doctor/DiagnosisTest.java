package org.boinc.dockerwrapper.doctor;

import static org.boinc.dockerwrapper.doctor.Finding.Level.FAULT;
import static org.boinc.dockerwrapper.doctor.Finding.Level.UNKNOWN;
import static org.boinc.dockerwrapper.doctor.Finding.Level.WARNING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.doctor.HostFacts.Bind;
import org.boinc.dockerwrapper.doctor.HostFacts.Pause;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each broken host gets the one finding that it deserves, and its cure. */
class DiagnosisTest {
  @TempDir Path directory;

  /** Breaks a host. */
  private interface Breaking {
    void apply(BrokenHost host) throws IOException;
  }

  /** A host with one thing wrong, and what is to be said of it. */
  record Case(
      String name, Breaking broken, Finding.Level level, String check, String says, String cure) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case fault(String name, String check, String says, String cure, Breaking broken) {
    return new Case(name, broken, FAULT, check, says, cure);
  }

  private static Case warning(
      String name, String check, String says, String cure, Breaking broken) {
    return new Case(name, broken, WARNING, check, says, cure);
  }

  static Stream<Case> engines() {
    return Stream.of(
        fault(
            "nothing installed",
            "engine",
            "no container engine is installed",
            "sudo apt install podman",
            host -> {
              host.answers = false;
              host.delete("bin/docker");
              host.delete("var/run/docker.sock");
            }),
        fault(
            "nothing installed on Fedora",
            "engine",
            "no container engine",
            "sudo dnf install podman",
            host -> {
              host.answers = false;
              host.delete("bin/docker");
              host.delete("var/run/docker.sock");
              host.file("etc/os-release", "ID=rocky\nID_LIKE=\"rhel centos fedora\"\n");
            }),
        fault(
            "Docker is down",
            "engine",
            "Docker is installed and does not run",
            "sudo systemctl enable --now docker",
            host -> {
              host.answers = false;
              host.delete("var/run/docker.sock");
            }),
        fault(
            "DOCKER_HOST leads nowhere",
            "engine",
            "DOCKER_HOST names an engine that does not answer",
            "unset DOCKER_HOST",
            host -> {
              host.answers = false;
              host.variable = Optional.of("DOCKER_HOST");
            }),
        fault(
            "this user is in no group",
            "engine",
            "this user may not ask it",
            "sudo usermod -aG docker ann",
            host -> {
              host.answers = false;
              host.file("proc/self/status", "Uid:\t1234567\nGid:\t7654321\nGroups:\t7654321\n");
              String groups = Files.readString(host.root.resolve("etc/group"));
              host.file("etc/group", groups.replace("ann,boinc", "boinc"));
            }),
        fault(
            "BOINC's user is in no group",
            "socket",
            "user boinc, whom jobs run as, may not open",
            "sudo usermod -aG docker boinc && sudo systemctl restart boinc-client",
            host -> {
              String groups = Files.readString(host.root.resolve("etc/group"));
              host.file("etc/group", groups.replace("ann,boinc", "ann"));
            }),
        warning(
            "everybody is root",
            "socket",
            "and so become root",
            "sudo chmod o-rw ",
            host ->
                Files.setPosixFilePermissions(
                    host.root.resolve("var/run/docker.sock"),
                    PosixFilePermissions.fromString("rw-rw-rw-"))),
        warning(
            "in the group since the last login",
            "socket",
            "since the last login only",
            "newgrp docker",
            host ->
                host.file("proc/self/status", "Uid:\t1234567\nGid:\t7654321\nGroups:\t7654321\n")),
        warning(
            "an old Docker",
            "engine",
            "versions before 20 have never run these jobs",
            "sudo apt install docker.io",
            host -> host.version = "19.03.8"),
        fault(
            "Docker is a snap",
            "snap",
            "is a snap, which can't mount",
            "sudo snap remove docker",
            host -> host.imagesAt = "/var/snap/docker/common/var-lib-docker"),
        warning(
            "the engine's clock is off",
            "clock",
            "is 7200 s behind this one",
            "timedatectl set-ntp",
            host -> host.ahead = Duration.ofHours(-2)));
  }

  static Stream<Case> rootless() {
    return Stream.of(
        fault(
            "no subordinate ids",
            "rootless",
            "too few subordinate ids (/etc/subuid: 0",
            "sudo usermod --add-subuids",
            host -> host.file("etc/subuid", "other:100000:65536\n")),
        fault(
            "too few subordinate groups",
            "rootless",
            "/etc/subgid: 1000",
            "--add-subgids",
            host -> host.file("etc/subgid", "boinc:1:1000\n")),
        fault(
            "no newuidmap",
            "rootless",
            "there is no newuidmap",
            "sudo apt install uidmap",
            host -> host.delete("bin/newuidmap")),
        fault(
            "newuidmap without rights",
            "rootless",
            "does not run with root's rights",
            "sudo chmod u+s",
            host -> host.program("newuidmap")),
        warning(
            "no linger",
            "rootless",
            "end when that user's last login does",
            "sudo loginctl enable-linger boinc",
            host -> host.delete("var/lib/systemd/linger/boinc")),
        warning(
            "no runtime directory",
            "rootless",
            "XDG_RUNTIME_DIR would be",
            "sudo loginctl enable-linger boinc",
            host -> host.delete(host.runtimeDirectory())),
        fault(
            "no user namespaces",
            "rootless",
            "allows no user namespaces",
            "user.max_user_namespaces=28633",
            host -> host.file("proc/sys/user/max_user_namespaces", "0\n")),
        fault(
            "user namespaces for root only",
            "rootless",
            "only root may make user namespaces",
            "kernel.unprivileged_userns_clone=1",
            host -> host.file("proc/sys/kernel/unprivileged_userns_clone", "0\n")),
        fault(
            "NoNewPrivileges",
            "rootless",
            "the client's service has NoNewPrivileges",
            "NoNewPrivileges=no",
            host ->
                host.file(
                    "etc/systemd/system/boinc-client.service.d/hard.conf",
                    "[Service]\nNoNewPrivileges=true\n")),
        warning(
            "nothing delegated",
            "rootless",
            "no control group for cpu",
            "Delegate=cpu cpuset io memory pids",
            host -> host.file(host.delegation(), "memory pids\n")),
        warning(
            "control groups of version 1",
            "rootless",
            "of version 1",
            "systemd.unified_cgroup_hierarchy=1",
            host -> {
              host.delete("sys/fs/cgroup/cgroup.controllers");
              host.file(
                  "proc/cgroups",
                  "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t1\t1\t1\nmemory\t2\t1\t1\npids\t3\t1\t1\n");
            }),
        warning(
            "no CDI description",
            "gpu",
            "Podman is not told of the GPU",
            "nvidia-ctk cdi generate",
            host -> {
              host.file("proc/driver/nvidia/version", "570\n");
              host.program("nvidia-ctk");
            }));
  }

  static Stream<Case> kernels() {
    return Stream.of(
        fault(
            "a Raspberry Pi",
            "cgroups",
            "no control group for memory",
            "cgroup_enable=memory",
            host -> host.file("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io pids\n")),
        fault(
            "Docker says it has no memory limit",
            "cgroups",
            "no control group for memory",
            "cgroup_enable=memory",
            host -> host.limitsMemory = false),
        warning(
            "no limit of processes",
            "cgroups",
            "does not limit pids",
            "/proc/cgroups",
            host -> host.file("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory\n")),
        fault(
            "Windows' first Linux",
            "wsl",
            "version 1 of Windows' Linux has no containers",
            "wsl.exe --set-version Ubuntu 2",
            host -> {
              host.file("proc/version", "Linux version 4.4.0-19041-Microsoft\n");
              host.environment.put("WSL_DISTRO_NAME", "Ubuntu");
            }),
        warning(
            "Windows' second Linux without systemd",
            "wsl",
            "runs no systemd",
            "systemd=true",
            host -> {
              host.file("proc/version", "Linux version 5.15.0-microsoft-standard-WSL2\n");
              host.environment.put("WSL_DISTRO_NAME", "Ubuntu");
              host.delete("run/systemd/system");
            }),
        warning(
            "no container toolkit",
            "gpu",
            "container toolkit is not installed",
            "sudo apt install nvidia-container-toolkit",
            host -> host.file("proc/driver/nvidia/version", "570\n")),
        warning(
            "Docker knows no NVIDIA",
            "gpu",
            "does not know NVIDIA's runtime",
            "nvidia-ctk runtime configure",
            host -> {
              host.file("proc/driver/nvidia/version", "570\n");
              host.program("nvidia-ctk");
            }),
        warning(
            "little room",
            "disk",
            "only 5.0 GiB are free",
            "clean --disk-cap 5g",
            host -> host.freeBytes = 5L << 30),
        fault(
            "no room",
            "disk",
            "only 1.0 GiB are free",
            "clean --disk-cap 0",
            host -> host.freeBytes = 1L << 30));
  }

  static Stream<Case> clients() {
    return Stream.of(
        fault(
            "an old client",
            "client",
            "BOINC 8.0.4 knows no container engine",
            "boinc.berkeley.edu",
            host ->
                host.file(
                    "var/lib/boinc-client/client_state.xml",
                    "<core_client_major_version>8</core_client_major_version><core_client_minor_version>0</core_client_minor_version><core_client_release>4</core_client_release>")),
        fault(
            "a client that found no engine",
            "client",
            "found no engine when it started",
            "sudo systemctl restart boinc-client",
            host -> {
              String state = Files.readString(host.data().resolve("client_state.xml"));
              host.file("var/lib/boinc-client/client_state.xml", state.replace("28.2.2", ""));
            }),
        fault(
            "a client that must not",
            "client",
            "forbids Docker jobs",
            "dont_use_docker",
            host ->
                host.file(
                    "var/lib/boinc-client/cc_config.xml", "<dont_use_docker>1</dont_use_docker>")),
        fault(
            "a policy that can't be read",
            "policy",
            "docker_policy.toml:1: pin",
            "sudoedit",
            host -> host.file("var/lib/boinc-client/docker_policy.toml", "pin = 1\n")),
        fault(
            "a policy of everybody's",
            "policy",
            "proves nobody's consent",
            "sudo chmod o-w",
            host ->
                Files.setPosixFilePermissions(
                    host.file("var/lib/boinc-client/docker_policy.toml", ""),
                    PosixFilePermissions.fromString("rw-rw-rw-"))),
        fault(
            "no pause",
            "pause",
            "could not be suspended: cgroups: freezer",
            "journalctl",
            host ->
                host.trial =
                    new HostFacts.TrialResult(Pause.FAILED, "cgroups: freezer", Bind.WORKS, "")),
        warning(
            "a pause by signals",
            "pause",
            "suspended by signals",
            "sudo loginctl enable-linger boinc",
            host ->
                host.trial =
                    new HostFacts.TrialResult(
                        Pause.STOPPED_BY_SIGNALS, "it refused", Bind.WORKS, "")),
        fault(
            "Docker Desktop",
            "bind",
            "does not see these files",
            "File sharing",
            host -> host.trial = bound(Bind.ELSEWHERE, "")),
        fault(
            "SELinux",
            "bind",
            "a container may not write",
            "sudo chcon -Rt container_file_t",
            host -> {
              host.file("sys/fs/selinux/enforce", "1");
              host.trial = bound(Bind.DENIED, "permission denied");
            }),
        fault(
            "root_squash",
            "bind",
            "a container may not write",
            "findmnt -T",
            host -> host.trial = bound(Bind.DENIED, "permission denied")),
        fault(
            "no mount at all",
            "bind",
            "can't be mounted: no such directory",
            "namei -l",
            host -> host.trial = bound(Bind.FAILED, "no such directory")),
        new Case(
            "nothing tried",
            host -> host.trial = bound(Bind.NOT_TRIED, "no image"),
            UNKNOWN,
            "bind",
            "not tried: no image",
            ""));
  }

  private static HostFacts.TrialResult bound(Bind bind, String said) {
    return new HostFacts.TrialResult(Pause.FROZEN, "", bind, said);
  }

  private void assertOnly(Case expected, BrokenHost host) throws IOException {
    expected.broken().apply(host);
    List<Finding> found = host.complaints();
    assertEquals(1, found.size(), found::toString);
    Finding only = found.getFirst();
    assertEquals(expected.level(), only.level(), only::toString);
    assertEquals(expected.check(), only.check(), only::toString);
    assertTrue(only.sentence().contains(expected.says()), only::toString);
    assertTrue(only.cure().contains(expected.cure()), only::toString);
    assertEquals(expected.cure().isEmpty(), only.cure().isEmpty(), only::toString);
  }

  @ParameterizedTest
  @MethodSource({"engines", "kernels", "clients"})
  void aHostWithDockerIsToldWhatIsBroken(Case broken) throws IOException {
    assertOnly(broken, new BrokenHost(directory));
  }

  @ParameterizedTest
  @MethodSource("rootless")
  void aHostWithPodmanIsToldWhatIsBroken(Case broken) throws IOException {
    BrokenHost host = new BrokenHost(directory);
    host.rootless(Product.PODMAN);
    assertOnly(broken, host);
  }

  @Test
  void aHostWithNothingBrokenIsToldNothing() throws IOException {
    BrokenHost host = new BrokenHost(directory);
    host.runtimes = Set.of("runc", "nvidia");
    assertEquals(List.of(), host.complaints());
    host.rootless(Product.PODMAN);
    assertEquals(List.of(), host.complaints());
  }

  @Test
  void whatAnEngineWithoutRootNeedsIsNotAskedWhereOneHasRoot() throws IOException {
    BrokenHost host = new BrokenHost(directory);
    host.delete("etc/subuid");
    host.delete("bin/newuidmap");
    assertEquals(List.of(), host.complaints());
  }
}
