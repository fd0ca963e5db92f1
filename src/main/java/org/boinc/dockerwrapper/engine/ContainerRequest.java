package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.InternetProtocol;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.GpuAssignment;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.Mount;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.boinc.dockerwrapper.plan.ResourceLimits;

/** Says a {@link ContainerPlan} in the words of the Docker API. */
final class ContainerRequest {
  /** Of 10 to 1000, where 500 is an ordinary container's; without effect on most I/O schedulers. */
  private static final int LOW_BLKIO_WEIGHT = 100;

  /** Output beyond this is lost, so that no job fills the engine's disk with its log. */
  private static final Map<String, String> LOG_LIMITS = Map.of("max-size", "16m", "max-file", "4");

  private ContainerRequest() {}

  /** The container is made from the image's ID: a tag could have moved. */
  static CreateContainerCmd fill(CreateContainerCmd command, ContainerPlan plan, ImageFacts image) {
    command
        .withEnv(plan.env().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList())
        .withLabels(plan.labels())
        .withExposedPorts(plan.network().ports().stream().map(ContainerRequest::exposed).toList())
        .withStopTimeout(Math.toIntExact(plan.stopTimeout().toSeconds()))
        .withHostConfig(hostConfig(plan));
    List<String> arguments = plan.commandFor(image);
    if (!plan.entrypoint().isEmpty()) {
      command.withEntrypoint(plan.entrypoint());
    }
    if (!arguments.isEmpty()) {
      command.withCmd(arguments);
    }
    if (!plan.workdir().isEmpty()) {
      command.withWorkingDir(plan.workdir());
    }
    if (!plan.hostname().isEmpty()) {
      command.withHostName(plan.hostname());
    }
    if (!plan.stopSignal().isEmpty()) {
      command.withStopSignal(plan.stopSignal());
    }
    return switch (plan.user()) {
      case ContainerPlan.RunAs.Ids(long uid, long gid) -> command.withUser(uid + ":" + gid);
      case ContainerPlan.RunAs.OfImage() -> command;
    };
  }

  private static HostConfig hostConfig(ContainerPlan plan) {
    HostConfig host =
        limits(HostConfig.newHostConfig(), plan.limits())
            .withInit(plan.init())
            .withCapDrop(Capability.ALL)
            .withSecurityOpts(List.of("no-new-privileges"))
            .withReadonlyRootfs(plan.readOnlyRoot())
            .withRestartPolicy(RestartPolicy.noRestart())
            .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE, LOG_LIMITS));
    mounts(host, plan.mounts());
    network(host, plan.network());
    plan.gpu().ifPresent(gpu -> host.withDeviceRequests(List.of(devices(gpu))));
    return host;
  }

  private static HostConfig limits(HostConfig host, ResourceLimits limits) {
    host.withBlkioWeight(LOW_BLKIO_WEIGHT)
        .withUlimits(
            limits.ulimits().entrySet().stream()
                .map(e -> new Ulimit(e.getKey(), e.getValue(), e.getValue()))
                .toList());
    if (limits.cpus() > 0) {
      host.withNanoCPUs(nanos(limits.quota()));
    }
    if (limits.memoryBytes() > 0) {
      host.withMemory(limits.memoryBytes())
          .withMemorySwap(limits.memoryBytes() + limits.swapBytes());
    }
    if (limits.shmBytes() > 0) {
      host.withShmSize(limits.shmBytes());
    }
    if (limits.pids() > 0) {
      host.withPidsLimit((long) limits.pids());
    }
    if (limits.cpuShares() > 0) {
      host.withCpuShares(limits.cpuShares());
    }
    return host;
  }

  static long nanos(double cpus) {
    return Math.round(cpus * 1e9);
  }

  /** Mounts, not Binds: for a bind whose source is missing the engine would make a directory. */
  private static void mounts(HostConfig host, List<Mount> mounts) {
    List<com.github.dockerjava.api.model.Mount> binds = new ArrayList<>();
    Map<String, String> memory = new LinkedHashMap<>();
    for (Mount mount : mounts) {
      switch (mount) {
        case Mount.Bind bind ->
            binds.add(
                new com.github.dockerjava.api.model.Mount()
                    .withType(MountType.BIND)
                    .withSource(bind.source().toString())
                    .withTarget(bind.target())
                    .withReadOnly(bind.readOnly()));
        case Mount.Tmpfs tmpfs ->
            memory.put(tmpfs.target(), "rw,exec,mode=1777,size=" + tmpfs.size().bytes());
      }
    }
    host.withMounts(binds).withTmpFs(memory);
  }

  private static void network(HostConfig host, NetworkPlan network) {
    host.withNetworkMode(network.nat() ? "bridge" : "none")
        .withPortBindings(network.ports().stream().map(ContainerRequest::published).toList());
    if (!network.hosts().isEmpty()) {
      host.withExtraHosts(
          network.hosts().entrySet().stream()
              .map(e -> e.getKey() + ":" + e.getValue())
              .toArray(String[]::new));
    }
    if (!network.dns().isEmpty()) {
      host.withDns(network.dns());
    }
  }

  private static PortBinding published(NetworkPlan.PublishedPort port) {
    String hostPort = port.host() == 0 ? "" : Integer.toString(port.host());
    return new PortBinding(new Ports.Binding("127.0.0.1", hostPort), exposed(port));
  }

  private static ExposedPort exposed(NetworkPlan.PublishedPort port) {
    return new ExposedPort(port.container(), InternetProtocol.parse(port.protocol()));
  }

  private static DeviceRequest devices(GpuAssignment gpu) {
    return new DeviceRequest()
        .withDriver("")
        .withDeviceIds(gpu.deviceIds())
        .withCapabilities(
            List.of(
                Stream.concat(Stream.of("gpu"), gpu.capabilities().stream()).distinct().toList()));
  }
}
