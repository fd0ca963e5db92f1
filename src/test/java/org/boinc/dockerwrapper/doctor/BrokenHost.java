package org.boinc.dockerwrapper.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.boinc.dockerwrapper.engine.EngineCondition;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.boinc.dockerwrapper.plan.HostFiles;

/** A host made of files, with nothing wrong but what a test breaks. */
final class BrokenHost {
  private static final long BOINC = 990;
  private static final long DOCKER = 991;

  /** Its root directory. */
  final Path root;

  final Map<String, String> environment = new HashMap<>();
  EngineFacts.Product product = EngineFacts.Product.DOCKER;
  String version = "28.2.2";
  boolean rootless;
  boolean answers = true;
  String imagesAt = "/var/lib/docker";
  boolean limitsMemory = true;
  Set<String> runtimes = Set.of("runc");
  Duration ahead = Duration.ZERO;
  long freeBytes = 100L << 30;
  Optional<String> variable = Optional.empty();
  HostFacts.TrialResult trial =
      new HostFacts.TrialResult(HostFacts.Pause.FROZEN, "", HostFacts.Bind.WORKS, "");

  private final long uid;

  BrokenHost(Path root) throws IOException {
    this.root = root;
    boolean superuser = Files.getAttribute(root, "unix:uid").equals(0);
    this.uid = superuser ? BOINC : ((Integer) Files.getAttribute(root, "unix:uid")).longValue();
    Path data = Files.createDirectories(data());
    Path socket = file("var/run/docker.sock", "");
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
    if (superuser) {
      Files.setAttribute(data, "unix:uid", (int) BOINC);
      Files.setAttribute(socket, "unix:gid", (int) DOCKER);
    }
    long gid = ((Integer) Files.getAttribute(socket, "unix:gid")).longValue();
    file(
        "etc/passwd",
        "root:x:0:0::/root:/bin/sh\nann:x:1234567:7654321::/home/ann:/bin/sh\nboinc:x:%d:7654320::/:/bin/false\n"
            .formatted(uid));
    file(
        "etc/group",
        "root:x:0:\nboinc:x:7654320:\nann:x:7654321:\ndocker:x:%d:ann,boinc\n".formatted(gid));
    file("etc/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\n");
    file("etc/subuid", "boinc:100000:65536\n");
    file("etc/subgid", "boinc:100000:65536\n");
    file(
        "proc/self/status",
        "Name:\tjava\nUid:\t1234567\t0\t0\t0\nGid:\t7654321\t0\t0\t0\nGroups:\t%d \n"
            .formatted(gid));
    file("proc/version", "Linux version 6.12.0 (debian)\n");
    file("proc/sys/user/max_user_namespaces", "28633\n");
    file("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory hugetlb pids rdma\n");
    file(delegation(), "cpu memory pids\n");
    file("var/lib/systemd/linger/boinc", "");
    Files.createDirectories(root.resolve("run/user/" + uid));
    Files.createDirectories(root.resolve("run/systemd/system"));
    file("lib/systemd/system/boinc-client.service", "[Service]\nNice=10\n");
    file(
        data().resolve("client_state.xml").toString(),
        """
        <client_state>
        <host_info>
            <docker_version>28.2.2</docker_version>
        </host_info>
        <core_client_major_version>8</core_client_major_version>
        <core_client_minor_version>2</core_client_minor_version>
        <core_client_release>15</core_client_release>
        </client_state>
        """);
    environment.put("PATH", root.resolve("bin").toString());
    program("docker");
    setuid(program("newuidmap"));
  }

  Path data() {
    return root.resolve("var/lib/boinc-client");
  }

  String delegation() {
    return "sys/fs/cgroup/user.slice/user-%1$d.slice/user@%1$d.service/cgroup.controllers"
        .formatted(uid);
  }

  String runtimeDirectory() {
    return "run/user/" + uid;
  }

  Path file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, text);
  }

  Path program(String name) throws IOException {
    Path program = file("bin/" + name, "");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return program;
  }

  static void setuid(Path program) throws IOException {
    Files.setAttribute(program, "unix:mode", 04755);
  }

  void delete(String path) throws IOException {
    Files.delete(root.resolve(path));
  }

  /** An engine of the user's own. */
  void rootless(EngineFacts.Product other) throws IOException {
    product = other;
    version = "5.4.2";
    rootless = true;
    program("podman");
  }

  /** Everything that is worth a word. */
  List<Finding> complaints() throws IOException {
    HostReader reader = new HostReader(root, environment, true, Optional.of(data()));
    Optional<HostFacts.Answering> engine =
        answers
            ? Optional.of(
                new HostFacts.Answering(
                    new EngineFacts(
                        product,
                        version,
                        rootless,
                        "amd64",
                        4,
                        8L << 30,
                        "unix:///x",
                        HostFiles.SAME,
                        false),
                    new EngineCondition(
                        imagesAt, Optional.empty(), limitsMemory, true, true, runtimes),
                    ahead))
            : Optional.empty();
    HostFacts facts =
        reader.facts(
            variable,
            answers ? List.of() : List.of("nobody answers"),
            engine,
            answers ? trial : HostFacts.TrialResult.notTried("no engine answers"));
    return Diagnosis.of(withFreeBytes(facts)).stream()
        .filter(found -> found.level() != Finding.Level.OK)
        .filter(found -> answers || found.level() != Finding.Level.UNKNOWN)
        .toList();
  }

  /** The disk is the one fact that is this machine's. */
  private HostFacts withFreeBytes(HostFacts facts) {
    return new HostFacts(
        facts.me(),
        facts.jobs(),
        facts.system(),
        facts.search(),
        facts.engine(),
        facts.sockets(),
        facts.rootless(),
        facts.groups(),
        facts.trial(),
        OptionalLong.of(freeBytes),
        facts.gpu(),
        facts.criu(),
        facts.client(),
        facts.policy());
  }
}
