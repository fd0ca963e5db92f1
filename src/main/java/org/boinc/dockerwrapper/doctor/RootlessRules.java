package org.boinc.dockerwrapper.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.boinc.dockerwrapper.doctor.HostFacts.Rootless;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;

/** What an engine needs that runs as the user whom jobs run as. */
final class RootlessRules {
  private static final String CHECK = "rootless";

  /** As many as an image may have users; containers fail with fewer. */
  private static final long RANGE = 65_536;

  private static final Set<String> WANTED = Set.of("cpu", "memory", "pids");

  private RootlessRules() {}

  static List<Finding> of(HostFacts host) {
    if (!host.system().linux() || !isUsed(host)) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    ids(host, findings);
    namespaces(host, findings);
    session(host, findings);
    delegation(host, findings);
    return findings.isEmpty()
        ? List.of(
            Finding.ok(
                CHECK, "user %s has all that an engine without root needs".formatted(name(host))))
        : List.copyOf(findings);
  }

  /** Podman is tried without root where nothing else answers. */
  private static boolean isUsed(HostFacts host) {
    return host.jobs().uid() != 0
        && host.engine()
            .map(engine -> engine.facts().rootless())
            .orElse(host.search().podman().isPresent());
  }

  private static String name(HostFacts host) {
    return host.jobs().name();
  }

  private static void ids(HostFacts host, List<Finding> findings) {
    Rootless facts = host.rootless();
    if (facts.subuids() < RANGE || facts.subgids() < RANGE) {
      String lacking =
          facts.subuids() < RANGE
              ? "/etc/subuid: %d".formatted(facts.subuids())
              : "/etc/subgid: %d".formatted(facts.subgids());
      findings.add(
          Finding.fault(
              CHECK,
              "user %s has too few subordinate ids (%s, and 65536 are needed)"
                  .formatted(name(host), lacking),
              "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 %s && sudo -u %s podman system migrate"
                  .formatted(name(host), name(host))));
    }
    switch (facts.newuidmap()) {
      case MISSING ->
          findings.add(
              Finding.fault(
                  CHECK,
                  "there is no newuidmap, which gives a container its users",
                  host.system()
                      .packages()
                      .install(
                          host.system().packages() == HostFacts.Packages.APT
                              ? "uidmap"
                              : "shadow-utils")));
      case WITHOUT_RIGHTS ->
          findings.add(
              Finding.fault(
                  CHECK,
                  "newuidmap does not run with root's rights, and can't do its work",
                  "sudo chmod u+s /usr/bin/newuidmap /usr/bin/newgidmap"));
      case READY -> {
        // nothing to say
      }
    }
  }

  private static void namespaces(HostFacts host, List<Finding> findings) {
    Rootless facts = host.rootless();
    if (facts.maxUserNamespaces().orElse(1) == 0) {
      findings.add(
          Finding.fault(
              CHECK,
              "the kernel allows no user namespaces (user.max_user_namespaces is 0)",
              "echo user.max_user_namespaces=28633 | sudo tee /etc/sysctl.d/99-userns.conf && sudo sysctl --system"));
    }
    if (facts.cloneForbidden()) {
      findings.add(
          Finding.fault(
              CHECK,
              "only root may make user namespaces (kernel.unprivileged_userns_clone is 0)",
              "echo kernel.unprivileged_userns_clone=1 | sudo tee /etc/sysctl.d/99-userns.conf && sudo sysctl --system"));
    }
    if (facts.confined() && host.engine().isEmpty()) {
      findings.add(
          Finding.warning(
              CHECK,
              "AppArmor lets only known programs make user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1)",
              "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"));
    }
    if (facts.noNewPrivileges()) {
      findings.add(
          Finding.fault(
              CHECK,
              "the client's service has NoNewPrivileges, so that newuidmap fails under it",
              "printf '[Service]\\nNoNewPrivileges=no\\n' | sudo systemctl edit --stdin boinc-client && sudo systemctl restart boinc-client"));
    }
  }

  private static void session(HostFacts host, List<Finding> findings) {
    Rootless facts = host.rootless();
    if (host.system().systemd() && !facts.lingers()) {
      findings.add(
          Finding.warning(
              CHECK,
              "containers of user %s end when that user's last login does".formatted(name(host)),
              "sudo loginctl enable-linger " + name(host)));
    }
    if (!facts.runtimeDirectoryThere()) {
      String there = facts.runtimeDirectory().toString();
      findings.add(
          Finding.warning(
              CHECK,
              "user %s has no runtime directory: XDG_RUNTIME_DIR would be %s, which is not there"
                  .formatted(name(host), there),
              host.system().systemd()
                  ? "sudo loginctl enable-linger " + name(host)
                  : "sudo install -d -m 700 -o %s %s".formatted(name(host), there)));
    }
  }

  private static void delegation(HostFacts host, List<Finding> findings) {
    if (host.groups().version() == 1) {
      findings.add(
          Finding.warning(
              CHECK,
              "the kernel's control groups are of version 1, where an engine without root limits nothing and pauses by signals",
              "sudo grubby --update-kernel=ALL --args=systemd.unified_cgroup_hierarchy=1  # Debian, Ubuntu: add it to GRUB_CMDLINE_LINUX in /etc/default/grub and run sudo update-grub"));
      return;
    }
    Set<String> missing = new TreeSet<>(WANTED);
    missing.removeAll(host.rootless().delegated());
    boolean seen = !host.rootless().delegated().isEmpty();
    if (seen && !missing.isEmpty()) {
      findings.add(
          Finding.warning(
              CHECK,
              "systemd leaves user %s no control group for %s: such limits don't hold"
                  .formatted(name(host), String.join(", ", missing)),
              "sudo mkdir -p /etc/systemd/system/user@.service.d && printf '[Service]\\nDelegate=cpu cpuset io memory pids\\n' | sudo tee /etc/systemd/system/user@.service.d/delegate.conf && sudo systemctl daemon-reload"));
    }
  }

  /** Whether Podman is what jobs would use. */
  static boolean isPodman(HostFacts host) {
    return host.engine()
        .map(engine -> engine.facts().product() == Product.PODMAN)
        .orElse(host.search().podman().isPresent() && host.search().docker().isEmpty());
  }
}
