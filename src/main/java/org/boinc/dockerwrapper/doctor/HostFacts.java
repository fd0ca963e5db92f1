package org.boinc.dockerwrapper.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.boinc.dockerwrapper.engine.EngineCondition;
import org.boinc.dockerwrapper.plan.EngineFacts;

/**
 * All that the rules know of a host.
 *
 * @param me who asks
 * @param jobs whom jobs run as: the owner of the client's data directory, or who asks
 * @param criu whether that program is there
 */
public record HostFacts(
    Account me,
    Account jobs,
    Platform system,
    Search search,
    Optional<Answering> engine,
    Sockets sockets,
    Rootless rootless,
    ControlGroups groups,
    TrialResult trial,
    OptionalLong freeBytes,
    Gpu gpu,
    boolean criu,
    Client client,
    Policy policy) {

  /**
   * A user of the host.
   *
   * @param groups by name, the first one's too
   */
  public record Account(String name, long uid, Set<String> groups) {}

  /** How programs are installed here. */
  public enum Packages {
    APT("sudo apt install "),
    DNF("sudo dnf install "),
    ZYPPER("sudo zypper install "),
    PACMAN("sudo pacman -S "),
    OTHER("install ");

    private final String command;

    Packages(String command) {
      this.command = command;
    }

    String install(String program) {
      return command + program;
    }
  }

  /**
   * The system.
   *
   * @param linux others are hardly looked at
   * @param wsl its version, within Windows
   * @param distro what Windows calls it; empty elsewhere
   * @param systemd whether it is the first process
   */
  public record Platform(
      boolean linux,
      Packages packages,
      Optional<Integer> wsl,
      String distro,
      boolean systemd,
      boolean selinuxEnforcing) {}

  /**
   * How the engine was looked for.
   *
   * @param variable that names the only one to be asked
   * @param attempts one sentence for each place where none answered
   * @param docker where the program is
   * @param podman likewise
   */
  public record Search(
      Optional<String> variable,
      List<String> attempts,
      Optional<Path> docker,
      Optional<Path> podman) {}

  /**
   * The engine that answers.
   *
   * @param ahead how far its clock is before this host's
   */
  public record Answering(EngineFacts facts, EngineCondition condition, Duration ahead) {}

  /**
   * The socket of an engine that runs as root.
   *
   * @param present empty: there is none at the usual place
   */
  public record Sockets(Optional<RootSocket> present) {}

  /**
   * Who may open it.
   *
   * @param members of its group, by name
   * @param everybody whether all users may
   */
  public record RootSocket(
      String path, String group, boolean ofGroup, boolean everybody, Set<String> members) {
    boolean opensFor(Account account) {
      return account.uid() == 0
          || everybody
          || (ofGroup && (account.groups().contains(group) || members.contains(account.name())));
    }
  }

  /** Whether a program that must run with root's rights does. */
  public enum SetUid {
    MISSING,
    WITHOUT_RIGHTS,
    READY
  }

  /**
   * What an engine without root needs.
   *
   * @param subuids of whom jobs run as
   * @param lingers whether the user's services live without a login
   * @param runtimeDirectory of that user, whether or not it is there
   * @param maxUserNamespaces of the kernel; empty: not said
   * @param cloneForbidden the kernel lets only root make user namespaces
   * @param confined AppArmor does not let unknown programs make user namespaces
   * @param delegated controllers that systemd leaves to the user; empty where it can't be seen
   * @param noNewPrivileges the client's service forbids its children what newuidmap needs
   */
  public record Rootless(
      long subuids,
      long subgids,
      SetUid newuidmap,
      boolean lingers,
      Path runtimeDirectory,
      boolean runtimeDirectoryThere,
      OptionalLong maxUserNamespaces,
      boolean cloneForbidden,
      boolean confined,
      Set<String> delegated,
      boolean noNewPrivileges) {}

  /**
   * The kernel's control groups.
   *
   * @param version 1 or 2; 0: there are none
   * @param missing controllers that jobs need and the kernel has switched off
   */
  public record ControlGroups(int version, Set<String> missing) {}

  /** What became of a pause. */
  public enum Pause {
    FROZEN,
    STOPPED_BY_SIGNALS,
    FAILED,
    NOT_TRIED
  }

  /** What became of a directory that was mounted. */
  public enum Bind {
    WORKS,
    /** The engine mounted something else. */
    ELSEWHERE,
    DENIED,
    FAILED,
    NOT_TRIED
  }

  /**
   * What a throw-away container did.
   *
   * @param pauseSaid why, where it was not frozen
   * @param bindSaid why, where it did not work
   */
  public record TrialResult(Pause pause, String pauseSaid, Bind bind, String bindSaid) {
    /** Why nothing was done. */
    public static TrialResult notTried(String why) {
      return new TrialResult(Pause.NOT_TRIED, why, Bind.NOT_TRIED, why);
    }
  }

  /**
   * NVIDIA's, the only ones that jobs can use.
   *
   * @param driver whether the kernel has one
   * @param toolkit whether NVIDIA's container toolkit is installed
   * @param cdi whether the devices are described for engines
   */
  public record Gpu(boolean driver, boolean toolkit, boolean cdi) {}

  /**
   * BOINC's client.
   *
   * @param data its data directory
   * @param readable whether who asks may read what it says
   * @param version of the client that last ran; empty: not known
   * @param engine the version of the engine that it found; empty: none
   * @param refusesDocker its cc_config.xml says so
   */
  public record Client(
      Optional<Path> data,
      boolean readable,
      Optional<String> version,
      Optional<String> engine,
      boolean refusesDocker) {}

  /**
   * The volunteer's docker_policy.toml.
   *
   * @param present whether there is one
   * @param problem what is wrong with it, one sentence
   * @param openToAll whether every user may change it
   */
  public record Policy(Path file, boolean present, boolean openToAll, Optional<String> problem) {}
}
