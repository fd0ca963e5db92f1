package org.boinc.dockerwrapper.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.boinc.dockerwrapper.doctor.HostFacts.Answering;
import org.boinc.dockerwrapper.doctor.HostFacts.Gpu;

/** Control groups, Windows' Linux, GPU, CRIU. */
final class KernelRules {
  private static final String GROUPS = "cgroups";
  private static final String WSL = "wsl";
  private static final String GPU = "gpu";

  private KernelRules() {}

  static List<Finding> of(HostFacts host) {
    List<Finding> findings = new ArrayList<>();
    if (host.system().linux()) {
      findings.add(groups(host));
      wsl(host).ifPresent(findings::add);
      findings.add(gpu(host));
      findings.add(
          host.criu()
              ? Finding.ok("criu", "criu is installed")
              : Finding.ok("criu", "criu is not installed, and nothing needs it"));
    }
    return findings;
  }

  private static Finding groups(HostFacts host) {
    int version = host.groups().version();
    if (version == 0) {
      return Finding.fault(
          GROUPS,
          "no control groups are mounted, without which no engine runs",
          "sudo mount -t cgroup2 none /sys/fs/cgroup");
    }
    Set<String> missing = new TreeSet<>(host.groups().missing());
    host.engine().ifPresent(engine -> missing.addAll(unlimited(engine)));
    if (missing.contains("memory")) {
      return Finding.fault(
          GROUPS,
          "the kernel has no control group for memory: a job could take all of it",
          "sudo sed -i '1 s/$/ cgroup_enable=memory cgroup_memory=1/' /boot/firmware/cmdline.txt && sudo reboot  # on a Raspberry Pi; elsewhere it is a kernel argument too");
    }
    return missing.isEmpty()
        ? Finding.ok(GROUPS, "version %d, with all that jobs are limited by".formatted(version))
        : Finding.warning(
            GROUPS,
            "the kernel does not limit %s: a job could use more than the client grants"
                .formatted(String.join(", ", missing)),
            "grep . /proc/cgroups  # the last column is 0 where the kernel has it switched off");
  }

  /** Podman without root does not say, and is asked by the trial. */
  private static Set<String> unlimited(Answering engine) {
    Set<String> missing = new TreeSet<>();
    if (!engine.facts().rootless()) {
      if (!engine.condition().limitsMemory()) {
        missing.add("memory");
      }
      if (!engine.condition().limitsCpu()) {
        missing.add("cpu");
      }
      if (!engine.condition().limitsProcesses()) {
        missing.add("pids");
      }
    }
    return missing;
  }

  private static Optional<Finding> wsl(HostFacts host) {
    HostFacts.Platform system = host.system();
    if (system.wsl().isEmpty()) {
      return Optional.empty();
    }
    if (system.wsl().get() == 1) {
      return Optional.of(
          Finding.fault(
              WSL,
              "version 1 of Windows' Linux has no containers",
              "wsl.exe --set-version %s 2".formatted(system.distro())));
    }
    return Optional.of(
        system.systemd()
            ? Finding.ok(WSL, "%s is of version 2, with systemd".formatted(system.distro()))
            : Finding.warning(
                WSL,
                "%s runs no systemd, so the engine is started by nobody".formatted(system.distro()),
                "printf '[boot]\\nsystemd=true\\n' | sudo tee -a /etc/wsl.conf && wsl.exe --shutdown"));
  }

  private static Finding gpu(HostFacts host) {
    Gpu gpu = host.gpu();
    if (!gpu.driver()) {
      return Finding.ok(GPU, "no NVIDIA driver is here; other GPUs can't be used by jobs yet");
    }
    if (!gpu.toolkit()) {
      return Finding.warning(
          GPU,
          "NVIDIA's container toolkit is not installed: no job can use the GPU",
          host.system().packages().install("nvidia-container-toolkit"));
    }
    if (RootlessRules.isPodman(host)) {
      return gpu.cdi()
          ? Finding.ok(GPU, "the GPU is described for Podman")
          : Finding.warning(
              GPU,
              "Podman is not told of the GPU: there is no description in /etc/cdi",
              "sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml");
    }
    boolean configured =
        host.engine().map(engine -> engine.condition().runtimes().contains("nvidia")).orElse(true);
    return configured
        ? Finding.ok(GPU, "driver and container toolkit are here")
        : Finding.warning(
            GPU,
            "Docker does not know NVIDIA's runtime",
            "sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker");
  }
}
