package org.boinc.dockerwrapper.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.doctor.HostFacts.Account;
import org.boinc.dockerwrapper.doctor.HostFacts.Packages;

/** Reads a host's facts from its files. */
public final class HostReader {
  private static final Set<String> CONTROLLERS = Set.of("cpu", "memory", "pids");

  private final HostTree tree;
  private final Map<String, String> environment;
  private final boolean linux;
  private final Accounts accounts;
  private final Optional<Path> data;
  private final Account me;
  private final Account jobs;

  /**
   * @param root the host's root directory; {@code /} but for tests
   * @param environment of the process; programs are looked for on its PATH
   * @param linux whether the system is
   * @param data the client's data directory
   */
  public HostReader(Path root, Map<String, String> environment, boolean linux, Optional<Path> data)
      throws IOException {
    this.tree = new HostTree(root);
    this.environment = environment;
    this.linux = linux;
    this.accounts = new Accounts(tree);
    this.data = data.filter(Files::isDirectory);
    this.me = accounts.ofProcess();
    this.jobs = this.data.isPresent() ? accounts.ownerOf(this.data.get()).orElse(me) : me;
  }

  /** Whom jobs run as. */
  public Account jobs() {
    return jobs;
  }

  /** Who asks. */
  public Account me() {
    return me;
  }

  /**
   * The facts, with what others found out.
   *
   * @param variable that names the only engine to be asked
   * @param attempts where none answered
   */
  public HostFacts facts(
      Optional<String> variable,
      List<String> attempts,
      Optional<HostFacts.Answering> engine,
      HostFacts.TrialResult trial)
      throws IOException {
    return new HostFacts(
        me,
        jobs,
        system(),
        new HostFacts.Search(variable, attempts, program("docker"), program("podman")),
        engine,
        new HostFacts.Sockets(accounts.socket(tree.file("var/run/docker.sock"))),
        rootless(),
        groups(),
        trial,
        free(engine),
        new HostFacts.Gpu(
            tree.exists("proc/driver/nvidia/version")
                || tree.exists("usr/lib/wsl/lib/libcuda.so.1"),
            program("nvidia-ctk").isPresent() || program("nvidia-container-runtime").isPresent(),
            tree.names("etc/cdi").anyMatch(name -> name.contains("nvidia"))
                || tree.names("var/run/cdi").anyMatch(name -> name.contains("nvidia"))),
        program("criu").isPresent(),
        ClientFiles.client(data),
        ClientFiles.policy(data));
  }

  private HostFacts.Platform system() throws IOException {
    String kernel = tree.text("proc/version");
    Optional<Integer> wsl =
        kernel.contains("icrosoft")
            ? Optional.of(kernel.contains("WSL2") || kernel.contains("microsoft-standard") ? 2 : 1)
            : Optional.empty();
    return new HostFacts.Platform(
        linux,
        packages(tree.text("etc/os-release")),
        wsl,
        environment.getOrDefault("WSL_DISTRO_NAME", ""),
        tree.exists("run/systemd/system"),
        tree.text("sys/fs/selinux/enforce").strip().equals("1"));
  }

  private static Packages packages(String release) {
    List<String> like =
        release
            .lines()
            .filter(line -> line.startsWith("ID=") || line.startsWith("ID_LIKE="))
            .flatMap(line -> Stream.of(line.replaceAll("^[^=]*=|[\"']", "").split(" ", -1)))
            .toList();
    if (like.contains("debian") || like.contains("ubuntu")) {
      return Packages.APT;
    }
    if (like.contains("fedora") || like.contains("rhel")) {
      return Packages.DNF;
    }
    if (like.contains("suse") || like.contains("opensuse")) {
      return Packages.ZYPPER;
    }
    return like.contains("arch") ? Packages.PACMAN : Packages.OTHER;
  }

  private HostFacts.Rootless rootless() throws IOException {
    boolean own = jobs.uid() == me.uid() && environment.containsKey("XDG_RUNTIME_DIR");
    Path runtime =
        own ? Path.of(environment.get("XDG_RUNTIME_DIR")) : tree.file("run/user/" + jobs.uid());
    return new HostFacts.Rootless(
        range("etc/subuid"),
        range("etc/subgid"),
        newuidmap(),
        tree.exists("var/lib/systemd/linger/" + jobs.name()),
        runtime,
        Files.isDirectory(runtime),
        tree.number("proc/sys/user/max_user_namespaces"),
        tree.number("proc/sys/kernel/unprivileged_userns_clone").orElse(1) == 0,
        tree.number("proc/sys/kernel/apparmor_restrict_unprivileged_userns").orElse(0) == 1,
        tree.words(
            "sys/fs/cgroup/user.slice/user-%1$d.slice/user@%1$d.service/cgroup.controllers"
                .formatted(jobs.uid())),
        noNewPrivileges());
  }

  /** The file's lines are user:first:count (subuid(5)). */
  private long range(String file) throws IOException {
    long count = 0;
    for (String line : tree.text(file).lines().toList()) {
      String[] words = line.strip().split(":", -1);
      boolean mine = words[0].equals(jobs.name()) || words[0].equals(Long.toString(jobs.uid()));
      if (mine && words.length == 3 && words[2].matches("\\d{1,10}")) {
        count += Long.parseLong(words[2]);
      }
    }
    return count;
  }

  /** Others than Debian give it file capabilities, which Java can't see. */
  private HostFacts.SetUid newuidmap() throws IOException {
    Optional<Path> program = program("newuidmap");
    if (program.isEmpty()) {
      return HostFacts.SetUid.MISSING;
    }
    boolean setuid = ((Integer) Files.getAttribute(program.get(), "unix:mode") & 04000) != 0;
    return setuid || packages(tree.text("etc/os-release")) != Packages.APT
        ? HostFacts.SetUid.READY
        : HostFacts.SetUid.WITHOUT_RIGHTS;
  }

  /** The administrator's unit stands for the package's, and the last setting counts. */
  private boolean noNewPrivileges() throws IOException {
    String unit = "systemd/system/boinc-client.service";
    String text = "";
    for (String place : List.of("etc/", "usr/lib/", "lib/")) {
      text = text.isEmpty() ? tree.text(place + unit) : text;
    }
    for (String part : tree.names("etc/" + unit + ".d").sorted().toList()) {
      text += "\n" + tree.text("etc/" + unit + ".d/" + part);
    }
    String last =
        text.lines()
            .map(String::strip)
            .filter(line -> line.startsWith("NoNewPrivileges="))
            .reduce("", (_, later) -> later);
    return last.matches("NoNewPrivileges=(?i)(yes|true|on|1)");
  }

  private HostFacts.ControlGroups groups() throws IOException {
    Set<String> missing = new TreeSet<>(CONTROLLERS);
    if (tree.exists("sys/fs/cgroup/cgroup.controllers")) {
      missing.removeAll(tree.words("sys/fs/cgroup/cgroup.controllers"));
      return new HostFacts.ControlGroups(2, missing);
    }
    if (tree.names("sys/fs/cgroup").findAny().isEmpty()) {
      return new HostFacts.ControlGroups(0, missing);
    }
    // Name, hierarchy, number of groups, enabled (cgroups(7)).
    tree.text("proc/cgroups")
        .lines()
        .map(line -> line.split("\\s+", -1))
        .filter(words -> words.length == 4 && words[3].equals("1"))
        .forEach(words -> missing.remove(words[0]));
    return new HostFacts.ControlGroups(1, missing);
  }

  private OptionalLong free(Optional<HostFacts.Answering> engine) throws IOException {
    OptionalLong free = OptionalLong.empty();
    if (data.isPresent()) {
      free = OptionalLong.of(Files.getFileStore(data.get()).getUsableSpace());
    }
    Optional<Path> images = engine.map(answering -> Path.of(answering.condition().rootDirectory()));
    if (images.isPresent() && images.get().isAbsolute() && Files.isReadable(images.get())) {
      long there = Files.getFileStore(images.get()).getUsableSpace();
      free = OptionalLong.of(Math.min(there, free.orElse(there)));
    }
    return free;
  }

  private Optional<Path> program(String name) throws IOException {
    for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
      Path file = Path.of(directory).resolve(name);
      if (file.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}
