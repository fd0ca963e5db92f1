package org.boinc.dockerwrapper.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.GpuAssignment;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.ImagePlan;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.Mount;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.boinc.dockerwrapper.plan.Privileges;
import org.boinc.dockerwrapper.plan.ResourceLimits;

/**
 * The container of a plan as a command for people who know Docker. docker_wrapper itself speaks to
 * the engine's API; what the two say is kept the same by hand (engine.ContainerRequest).
 */
final class DockerCreateLine {
  /** Stands where the image's CMD is needed and the image is not known. */
  static final String UNKNOWN_COMMAND = "IMAGE_CMD";

  private final JobPlan plan;
  private final ContainerPlan container;
  private final Optional<ImageFacts> image;

  /** One group of words for each option, so that it can be shown on lines. */
  private final List<List<String>> words = new ArrayList<>();

  private DockerCreateLine(JobPlan plan, Optional<ImageFacts> image) {
    this.plan = plan;
    this.container = plan.container();
    this.image = image;
  }

  static List<List<String>> of(JobPlan plan, Optional<ImageFacts> image) {
    return new DockerCreateLine(plan, image).line();
  }

  private List<List<String>> line() {
    words.add(List.of("docker", "create"));
    option("--name", plan.containerName().preferred());
    if (container.user() instanceof ContainerPlan.RunAs.Ids(long uid, long gid)) {
      option("--user", uid + ":" + gid);
    }
    option("--hostname", container.hostname());
    option("--workdir", container.workdir());
    flag("--init", container.init());
    flag("--read-only", container.readOnlyRoot());
    option("--stop-signal", container.stopSignal());
    option("--stop-timeout", String.valueOf(container.stopTimeout().toSeconds()));
    container.env().forEach((name, value) -> option("--env", name + "=" + value));
    container.mounts().forEach(this::mount);
    limits(container.limits());
    network(container.network());
    container.gpu().ifPresent(this::gpu);
    option("--cap-drop", "ALL");
    privileges(container.privileges());
    option("--security-opt", "no-new-privileges");
    option("--restart", "no");
    flag("--no-healthcheck", true);
    option("--log-driver", "json-file");
    option("--log-opt", "max-size=16m");
    option("--log-opt", "max-file=4");
    container.labels().forEach((name, value) -> option("--label", name + "=" + value));
    command();
    return List.copyOf(words);
  }

  private void option(String name, String value) {
    if (!value.isEmpty()) {
      words.add(List.of(name, value));
    }
  }

  private void flag(String name, boolean on) {
    if (on) {
      words.add(List.of(name));
    }
  }

  private void mount(Mount mount) {
    switch (mount) {
      case Mount.Bind bind ->
          option(
              "--mount",
              "type=bind,"
                  + csv("source=" + bind.source())
                  + ","
                  + csv("target=" + bind.target())
                  + (bind.readOnly() ? ",readonly" : ""));
      case Mount.Tmpfs tmpfs ->
          option("--tmpfs", tmpfs.target() + ":rw,exec,mode=1777,size=" + tmpfs.size().bytes());
    }
  }

  /** Docker reads the value of --mount and --gpus as a line of CSV. */
  private static String csv(String field) {
    boolean plain = field.indexOf(',') < 0 && field.indexOf('"') < 0;
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  private void limits(ResourceLimits limits) {
    option("--cpus", String.valueOf(limits.cpus()));
    option("--cpu-shares", String.valueOf(limits.cpuShares()));
    option("--blkio-weight", limits.cpuShares() < 1024 ? "10" : "");
    option("--memory", String.valueOf(limits.memoryBytes()));
    option("--memory-swap", String.valueOf(limits.memoryBytes() + limits.swapBytes()));
    option("--shm-size", limits.shmBytes() > 0 ? String.valueOf(limits.shmBytes()) : "");
    option("--pids-limit", limits.pids() > 0 ? String.valueOf(limits.pids()) : "");
    limits.ulimits().forEach((name, value) -> option("--ulimit", name + "=" + value));
  }

  private void network(NetworkPlan network) {
    boolean host = container.privileges().hostNetwork();
    String own = network.own().map(NetworkPlan.Own::name).orElse("none");
    option("--network", host ? "host" : network.nat() ? "bridge" : own);
    option("--dns", network.own().isPresent() && !network.nat() ? "127.0.0.1" : "");
    for (NetworkPlan.PublishedPort port : network.ports()) {
      String free = port.host() == 0 ? "" : String.valueOf(port.host());
      option(
          "--publish",
          port.address() + ":" + free + ":" + port.container() + "/" + port.protocol());
    }
    network.hosts().forEach((name, address) -> option("--add-host", name + ":" + address));
    network.dns().forEach(address -> option("--dns", address));
  }

  private void privileges(Privileges agreed) {
    agreed.caps().forEach(cap -> option("--cap-add", cap));
    agreed.devices().forEach(device -> option("--device", device + ":" + device + ":rw"));
    agreed.cdiDevices().forEach(device -> option("--device", device));
    option("--ipc", agreed.hostIpc() ? "host" : "");
    option("--cgroup-parent", agreed.cgroupParent());
  }

  private void gpu(GpuAssignment gpu) {
    switch (gpu) {
      case GpuAssignment.ByToolkit(List<String> ids, List<String> capabilities) ->
          option(
              "--gpus",
              (ids.isEmpty() ? "count=-1" : csv("device=" + String.join(",", ids)))
                  + ","
                  + csv("capabilities=" + String.join(",", capabilities)));
      case GpuAssignment.ByCdi(List<String> names) ->
          names.forEach(name -> option("--device", name));
      case GpuAssignment.ByNodes(List<Path> nodes, List<Long> groups) -> {
        nodes.forEach(node -> option("--device", node + ":" + node + ":rw"));
        groups.forEach(group -> option("--group-add", String.valueOf(group)));
      }
    }
  }

  /** The engine takes a list for the entry point; the command only its first word. */
  private void command() {
    List<String> rest = new ArrayList<>();
    if (!container.entrypoint().isEmpty()) {
      option("--entrypoint", container.entrypoint().getFirst());
      rest.addAll(container.entrypoint().subList(1, container.entrypoint().size()));
    }
    boolean needsImage =
        !container.args().isEmpty()
            && container.command().isEmpty()
            && container.entrypoint().isEmpty();
    if (image.isPresent()) {
      rest.addAll(container.commandFor(image.get()));
    } else {
      rest.addAll(needsImage ? List.of(UNKNOWN_COMMAND) : container.command());
      rest.addAll(container.args());
    }
    words.add(List.of(imageName()));
    if (!rest.isEmpty()) {
      words.add(List.copyOf(rest));
    }
  }

  private String imageName() {
    return switch (plan.image()) {
      case ImagePlan.Build build -> build.name().preferred();
      case ImagePlan.Pull pull -> pull.reference();
      case ImagePlan.Load load -> load.name().preferred();
    };
  }

  /** One option a line, as people paste it. */
  static String forPeople(List<List<String>> words) {
    return words.stream().map(ShellLine::of).collect(Collectors.joining(" \\\n  "));
  }
}
