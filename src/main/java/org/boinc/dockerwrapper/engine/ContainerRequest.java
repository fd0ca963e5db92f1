package org.boinc.dockerwrapper.engine;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.plan.ClusterNode;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.GpuAssignment;
import org.boinc.dockerwrapper.plan.HostFiles;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.Mount;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.boinc.dockerwrapper.plan.Privileges;
import org.boinc.dockerwrapper.plan.ResourceLimits;

/** Says a {@link ContainerPlan} in the words of the Docker API (ContainerCreate). */
final class ContainerRequest {
  /**
   * The least of 10 to 1000, where 500 is an ordinary container's, for who is idle by CPU, too;
   * without effect on most I/O schedulers.
   */
  private static final int IDLE_BLKIO_WEIGHT = 10;

  private static final int ORDINARY_SHARES = 1024;

  /** Output beyond this is lost, so that no job fills the engine's disk with its log. */
  private static final Map<String, String> LOG_LIMITS = Map.of("max-size", "16m", "max-file", "4");

  /** The driver that gives devices by their CDI names. */
  static final String CDI = "cdi";

  /** The container itself, where nobody answers. */
  private static final String NO_NAME_SERVER = "127.0.0.1";

  /** What images with it are known by (nvidia-container-toolkit, legacy CUDA images). */
  private static final String CUDA = "CUDA_VERSION=";

  private ContainerRequest() {}

  /**
   * The container is made from the image's ID: a tag could have moved.
   *
   * @param files how the engine sees those of this host; the plan mounts none that it doesn't see
   */
  static JsonObject of(ContainerPlan plan, ImageFacts image, HostFiles files) {
    JsonObject request = new JsonObject();
    request.addProperty("Image", image.id());
    put(request, "Env", environment(plan, image));
    request.add("Labels", Json.of(plan.labels()));
    request.add("ExposedPorts", exposed(plan.network()));
    request.addProperty("StopTimeout", plan.stopTimeout().toSeconds());
    // The engine would run the image's own check beside the job, as often as the image says.
    request.add("Healthcheck", Json.of(Map.of("Test", List.of("NONE"))));
    put(request, "Entrypoint", plan.entrypoint());
    put(request, "Cmd", plan.commandFor(image));
    put(request, "WorkingDir", plan.workdir());
    put(request, "Hostname", plan.hostname());
    put(request, "StopSignal", plan.stopSignal());
    if (plan.user() instanceof ContainerPlan.RunAs.Ids(long uid, long gid)) {
      request.addProperty("User", uid + ":" + gid);
    }
    request.add("HostConfig", hostConfig(plan, files));
    if (plan.node().isPresent()) {
      node(request, plan.node().get(), plan.network());
    }
    return request;
  }

  /** Its name among the others, and whose shared memory it uses. */
  private static void node(JsonObject request, ClusterNode node, NetworkPlan network) {
    put(request.getAsJsonObject("HostConfig"), "IpcMode", node.ipc());
    Map<String, Object> endpoint = Map.of("Aliases", List.of(node.name()));
    String name = network.own().orElseThrow().name();
    request.add("NetworkingConfig", Json.of(Map.of("EndpointsConfig", Map.of(name, endpoint))));
  }

  private static List<String> environment(ContainerPlan plan, ImageFacts image) {
    List<String> environment = new ArrayList<>();
    plan.env().forEach((name, value) -> environment.add(name + "=" + value));
    if (showsGpus(image) && !plan.env().containsKey(GpuAssignment.VISIBLE)) {
      environment.add(GpuAssignment.VISIBLE + "=" + GpuAssignment.visible(plan.gpu()));
    }
    return environment;
  }

  /** NVIDIA's runtime gives every GPU to an image with CUDA that does not say which, too. */
  private static boolean showsGpus(ImageFacts image) {
    for (String variable : image.environment()) {
      if (variable.startsWith(GpuAssignment.VISIBLE) || variable.startsWith(CUDA)) {
        return true;
      }
    }
    return false;
  }

  /** What changes the quota of a container that there is. */
  static JsonObject cpuQuota(double cpus) {
    JsonObject change = new JsonObject();
    put(change, "NanoCpus", nanos(cpus));
    return change;
  }

  private static JsonObject hostConfig(ContainerPlan plan, HostFiles files) {
    JsonObject host = new JsonObject();
    host.addProperty("Init", plan.init());
    put(host, "CapDrop", List.of("ALL"));
    put(host, "SecurityOpt", List.of("no-new-privileges"));
    host.addProperty("ReadonlyRootfs", plan.readOnlyRoot());
    host.add("RestartPolicy", Json.of(Map.of("Name", "no")));
    host.add("LogConfig", Json.of(Map.of("Type", "json-file", "Config", LOG_LIMITS)));
    limits(host, plan.limits());
    mounts(host, plan.mounts(), files);
    network(host, plan.network());
    privileges(host, plan.privileges());
    devices(host, plan);
    return host;
  }

  private static void devices(JsonObject host, ContainerPlan plan) {
    List<Path> nodes = new ArrayList<>(plan.privileges().devices());
    List<String> cdi = new ArrayList<>(plan.privileges().cdiDevices());
    List<Map<String, Object>> requests = new ArrayList<>();
    if (plan.gpu().isPresent()) {
      switch (plan.gpu().get()) {
        case GpuAssignment.ByToolkit toolkit -> requests.add(byToolkit(toolkit));
        case GpuAssignment.ByCdi(List<String> names) -> cdi.addAll(names);
        case GpuAssignment.ByNodes(List<Path> paths, List<Long> groups) -> {
          nodes.addAll(paths);
          put(host, "GroupAdd", groups.stream().map(String::valueOf).toList());
        }
      }
    }
    if (!nodes.isEmpty()) {
      host.add("Devices", Json.of(nodes.stream().map(ContainerRequest::node).toList()));
    }
    if (!cdi.isEmpty()) {
      requests.add(Map.of("Driver", CDI, "DeviceIDs", cdi));
    }
    if (!requests.isEmpty()) {
      host.add("DeviceRequests", Json.of(requests));
    }
  }

  private static void privileges(JsonObject host, Privileges agreed) {
    put(host, "CapAdd", agreed.caps());
    if (agreed.hostNetwork()) {
      host.addProperty("NetworkMode", "host");
    }
    if (agreed.hostIpc()) {
      host.addProperty("IpcMode", "host");
    }
    put(host, "CgroupParent", agreed.cgroupParent());
  }

  /** Without {@code m}: the job makes no further nodes. */
  private static Map<String, Object> node(Path device) {
    return Map.of(
        "PathOnHost",
        device.toString(),
        "PathInContainer",
        device.toString(),
        "CgroupPermissions",
        "rw");
  }

  private static void limits(JsonObject host, ResourceLimits limits) {
    put(host, "BlkioWeight", limits.cpuShares() < ORDINARY_SHARES ? IDLE_BLKIO_WEIGHT : 0);
    host.add(
        "Ulimits",
        Json.of(
            limits.ulimits().entrySet().stream()
                .map(e -> Map.of("Name", e.getKey(), "Soft", e.getValue(), "Hard", e.getValue()))
                .toList()));
    put(host, "NanoCpus", nanos(limits.quota()));
    put(host, "Memory", limits.memoryBytes());
    if (limits.memoryBytes() > 0) {
      host.addProperty("MemorySwap", limits.memoryBytes() + limits.swapBytes());
    }
    put(host, "ShmSize", limits.shmBytes());
    put(host, "PidsLimit", limits.pids());
    put(host, "CpuShares", limits.cpuShares());
  }

  private static long nanos(double cpus) {
    return Math.round(cpus * 1e9);
  }

  /** Mounts, not Binds: for a bind whose source is missing the engine would make a directory. */
  private static void mounts(JsonObject host, List<Mount> mounts, HostFiles files) {
    List<Map<String, Object>> binds = new ArrayList<>();
    Map<String, String> memory = new LinkedHashMap<>();
    for (Mount mount : mounts) {
      switch (mount) {
        case Mount.Bind(Path source, String target, boolean readOnly) ->
            binds.add(
                Map.of(
                    "Type",
                    "bind",
                    "Source",
                    seen(source, files),
                    "Target",
                    target,
                    "ReadOnly",
                    readOnly));
        case Mount.Tmpfs tmpfs ->
            memory.put(tmpfs.target(), "rw,exec,mode=1777,size=" + tmpfs.size().bytes());
      }
    }
    host.add("Mounts", Json.of(binds));
    host.add("Tmpfs", Json.of(memory));
  }

  private static String seen(Path source, HostFiles files) {
    return files
        .see(source)
        .orElseThrow(() -> new IllegalStateException("a plan with a mount of " + source));
  }

  private static void network(JsonObject host, NetworkPlan network) {
    host.addProperty(
        "NetworkMode",
        network.own().map(NetworkPlan.Own::name).orElse(network.nat() ? Networks.OUTSIDE : "none"));
    Map<String, Object> bindings = new LinkedHashMap<>();
    for (NetworkPlan.PublishedPort port : network.ports()) {
      String free = port.host() == 0 ? "" : Integer.toString(port.host());
      bindings.put(key(port), List.of(Map.of("HostIp", port.address(), "HostPort", free)));
    }
    host.add("PortBindings", Json.of(bindings));
    put(
        host,
        "ExtraHosts",
        network.hosts().entrySet().stream().map(e -> e.getKey() + ":" + e.getValue()).toList());
    // Older engines ask their own host's name servers for whoever has no way there.
    put(
        host,
        "Dns",
        network.own().isPresent() && !network.nat() ? List.of(NO_NAME_SERVER) : network.dns());
  }

  private static JsonObject exposed(NetworkPlan network) {
    JsonObject ports = new JsonObject();
    network.ports().forEach(port -> ports.add(key(port), new JsonObject()));
    return ports;
  }

  private static String key(NetworkPlan.PublishedPort port) {
    return port.container() + "/" + port.protocol();
  }

  private static Map<String, Object> byToolkit(GpuAssignment.ByToolkit gpu) {
    List<String> capabilities =
        Stream.concat(Stream.of("gpu"), gpu.capabilities().stream()).distinct().toList();
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("Driver", "");
    if (gpu.deviceIds().isEmpty()) {
      request.put("Count", -1);
    } else {
      request.put("DeviceIDs", gpu.deviceIds());
    }
    request.put("Capabilities", List.of(capabilities));
    return request;
  }

  private static void put(JsonObject object, String field, List<String> words) {
    if (!words.isEmpty()) {
      object.add(field, Json.of(words));
    }
  }

  private static void put(JsonObject object, String field, String text) {
    if (!text.isEmpty()) {
      object.addProperty(field, text);
    }
  }

  private static void put(JsonObject object, String field, long number) {
    if (number > 0) {
      object.addProperty(field, number);
    }
  }
}
