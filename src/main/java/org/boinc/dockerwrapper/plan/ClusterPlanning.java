package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.boinc.dockerwrapper.job.ClusterSpec;
import org.boinc.dockerwrapper.job.ContainerSpec;
import org.boinc.dockerwrapper.job.JobSpec;

/**
 * Makes several containers of one: what the job asks for and what it may, each with its share, on a
 * network of the job alone.
 */
final class ClusterPlanning {
  private static final String SSHD = "/usr/sbin/sshd";
  private static final String HOST_FILE = "docker_wrapper_hosts";
  private static final String KEYS = "docker_wrapper_ssh";

  private final PlanRequest request;
  private final JobSpec spec;
  private final ClusterSpec asked;
  private final ContainerPlan single;
  private final Optional<CheckpointPlan> checkpoint;

  /**
   * @param single the container as it would be alone, with the limits of one node
   */
  ClusterPlanning(PlanRequest request, ContainerPlan single, Optional<CheckpointPlan> checkpoint) {
    this.request = request;
    this.spec = request.spec();
    this.asked = spec.cluster();
    this.single = single;
    this.checkpoint = checkpoint;
  }

  /** What can't be had by several containers. */
  void check(List<Refusal> refusals) {
    if (single.privileges().hostNetwork()) {
      refusals.add(Refusals.clusterOnHostNetwork());
    }
    if (request.engine().product() == EngineFacts.Product.PODMAN) {
      refusals.add(Refusals.clusterOnPodman());
    }
    boolean loginPossible =
        single.user() instanceof ContainerPlan.RunAs.Ids(long uid, long _)
            && uid == request.caller().uid()
            && uid != 0
            && spec.container().addUser();
    if (asked.ssh() && !loginPossible) {
      refusals.add(Refusals.sshWithoutUser());
    }
  }

  /** Node 0, whose end is the job's. */
  ContainerPlan master() {
    List<String> command = asked.master().isEmpty() ? single.command() : asked.master();
    return node(0, single.entrypoint(), command, single.args());
  }

  ClusterPlan cluster() {
    return new ClusterPlan(
        IntStream.range(1, asked.nodes())
            .mapToObj(number -> new ClusterPlan.Worker(name(number), worker(number)))
            .toList(),
        asked.ssh()
            ? Optional.of(new ClusterPlan.Keys(keys(), asked.sshPort(), FixedMounts.USER_NAME))
            : Optional.empty());
  }

  /** The host file, in the form that OpenMPI and MPICH read. */
  JobPlan.GeneratedFile hostFile() {
    StringBuilder text = new StringBuilder();
    int slots =
        asked.slots() > 0 ? asked.slots() : (int) Math.max(1, Math.floor(single.limits().cpus()));
    for (int number = 0; number < asked.nodes(); number++) {
      text.append(ClusterNode.name(number)).append(" slots=").append(slots).append('\n');
    }
    return new JobPlan.GeneratedFile(inSlot(HOST_FILE), text.toString(), false);
  }

  private ContainerPlan worker(int number) {
    if (!asked.worker().isEmpty()) {
      return node(number, single.entrypoint(), asked.worker(), List.of());
    }
    if (asked.ssh()) {
      String settings = ClusterPlan.Keys.IN_CONTAINER + "/" + ClusterPlan.Keys.SERVER_SETTINGS;
      return node(number, List.of(SSHD), List.of("-D", "-e", "-f", settings), List.of());
    }
    return node(number, single.entrypoint(), spec.container().command(), single.args());
  }

  private ContainerPlan node(
      int number, List<String> entrypoint, List<String> command, List<String> args) {
    Environment environment =
        new Environment(request, single.limits(), checkpoint, new ArrayList<>(), number);
    ContainerSpec container = spec.container();
    Map<String, String> labels = new TreeMap<>(single.labels());
    if (number > 0) {
      labels.put(Labels.NODE, String.valueOf(number));
    }
    return new ContainerPlan(
        single.user(),
        ClusterNode.name(number),
        entrypoint,
        environment.expand(command),
        args,
        single.workdir(),
        environment.variables(single.gpu()),
        mounts(),
        single.limits(),
        network(number),
        single.privileges(),
        single.gpu(),
        container.init(),
        container.readOnlyRoot(),
        container.stopSignal(),
        container.stopTimeout(),
        container.startTimeout(),
        single.shutdown(),
        labels,
        Optional.of(new ClusterNode(number, number == 0 ? sharing() : "")));
  }

  private List<Mount> mounts() {
    List<Mount> mounts = new ArrayList<>(single.mounts());
    mounts.add(new Mount.Bind(inSlot(HOST_FILE), asked.hostfile(), true));
    if (asked.ssh()) {
      mounts.add(new Mount.Bind(keys(), ClusterPlan.Keys.IN_CONTAINER, true));
      mounts.add(
          new Mount.Bind(
              keys().resolve(ClusterPlan.Keys.CLIENT_SETTINGS), "/etc/ssh/ssh_config", true));
    }
    return mounts;
  }

  /** Only node 0 has a way out, and is reached from outside. */
  private NetworkPlan network(int number) {
    NetworkPlan asPlanned = single.network();
    NetworkPlan.Own own =
        asPlanned
            .own()
            .orElseGet(() -> new NetworkPlan.Own(Names.network(request.job()), List.of(), false));
    return number == 0
        ? new NetworkPlan(
            asPlanned.nat(),
            Optional.of(own),
            asPlanned.ports(),
            asPlanned.graphicsPort(),
            asPlanned.hosts(),
            asPlanned.dns())
        : new NetworkPlan(
            false, Optional.of(own), List.of(), 0, asPlanned.hosts(), asPlanned.dns());
  }

  private String sharing() {
    return asked.sharedMemory() && !single.privileges().hostIpc() ? ClusterNode.SHARED : "";
  }

  private String name(int number) {
    return Names.worker(request.job(), number);
  }

  private Path keys() {
    return inSlot(KEYS);
  }

  private Path inSlot(String name) {
    return request.slot().slot().resolve(name);
  }
}
