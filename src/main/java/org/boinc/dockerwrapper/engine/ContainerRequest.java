package org.boinc.dockerwrapper.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.GpuAssignment;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.Mount;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.boinc.dockerwrapper.plan.ResourceLimits;

/** Says a {@link ContainerPlan} in the words of the Docker API (ContainerCreate). */
final class ContainerRequest {
  /** Of 10 to 1000, where 500 is an ordinary container's; without effect on most I/O schedulers. */
  private static final int LOW_BLKIO_WEIGHT = 100;

  /** Output beyond this is lost, so that no job fills the engine's disk with its log. */
  private static final Map<String, String> LOG_LIMITS = Map.of("max-size", "16m", "max-file", "4");

  private ContainerRequest() {}

  /** The container is made from the image's ID: a tag could have moved. */
  static ObjectNode of(ContainerPlan plan, ImageFacts image) {
    ObjectNode request = EngineRequest.JSON.createObjectNode();
    request.put("Image", image.id());
    request.set(
        "Env", list(plan.env().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue())));
    request.set("Labels", EngineRequest.JSON.valueToTree(plan.labels()));
    plan.network()
        .ports()
        .forEach(port -> request.withObjectProperty("ExposedPorts").putObject(key(port)));
    request.put("StopTimeout", plan.stopTimeout().toSeconds());
    put(request, "Entrypoint", plan.entrypoint());
    put(request, "Cmd", plan.commandFor(image));
    put(request, "WorkingDir", plan.workdir());
    put(request, "Hostname", plan.hostname());
    put(request, "StopSignal", plan.stopSignal());
    if (plan.user() instanceof ContainerPlan.RunAs.Ids(long uid, long gid)) {
      request.put("User", uid + ":" + gid);
    }
    request.set("HostConfig", hostConfig(plan));
    return request;
  }

  /** What changes the quota of a container that there is. */
  static ObjectNode cpuQuota(double cpus) {
    return EngineRequest.JSON.createObjectNode().put("NanoCpus", nanos(cpus));
  }

  private static ObjectNode hostConfig(ContainerPlan plan) {
    ObjectNode host = EngineRequest.JSON.createObjectNode();
    host.put("Init", plan.init());
    host.putArray("CapDrop").add("ALL");
    host.putArray("SecurityOpt").add("no-new-privileges");
    host.put("ReadonlyRootfs", plan.readOnlyRoot());
    host.putObject("RestartPolicy").put("Name", "no");
    host.putObject("LogConfig")
        .put("Type", "json-file")
        .set("Config", EngineRequest.JSON.valueToTree(LOG_LIMITS));
    limits(host, plan.limits());
    mounts(host, plan.mounts());
    network(host, plan.network());
    plan.gpu().ifPresent(gpu -> host.putArray("DeviceRequests").add(devices(gpu)));
    return host;
  }

  private static void limits(ObjectNode host, ResourceLimits limits) {
    host.put("BlkioWeight", LOW_BLKIO_WEIGHT);
    limits
        .ulimits()
        .forEach(
            (name, value) ->
                host.withArrayProperty("Ulimits")
                    .addObject()
                    .put("Name", name)
                    .put("Soft", value)
                    .put("Hard", value));
    put(host, "NanoCpus", nanos(limits.quota()));
    put(host, "Memory", limits.memoryBytes());
    if (limits.memoryBytes() > 0) {
      host.put("MemorySwap", limits.memoryBytes() + limits.swapBytes());
    }
    put(host, "ShmSize", limits.shmBytes());
    put(host, "PidsLimit", limits.pids());
    put(host, "CpuShares", limits.cpuShares());
  }

  private static long nanos(double cpus) {
    return Math.round(cpus * 1e9);
  }

  /** Mounts, not Binds: for a bind whose source is missing the engine would make a directory. */
  private static void mounts(ObjectNode host, List<Mount> mounts) {
    ArrayNode binds = host.putArray("Mounts");
    ObjectNode memory = host.putObject("Tmpfs");
    for (Mount mount : mounts) {
      switch (mount) {
        case Mount.Bind bind ->
            binds
                .addObject()
                .put("Type", "bind")
                .put("Source", bind.source().toString())
                .put("Target", bind.target())
                .put("ReadOnly", bind.readOnly());
        case Mount.Tmpfs tmpfs ->
            memory.put(tmpfs.target(), "rw,exec,mode=1777,size=" + tmpfs.size().bytes());
      }
    }
  }

  private static void network(ObjectNode host, NetworkPlan network) {
    host.put("NetworkMode", network.nat() ? "bridge" : "none");
    for (NetworkPlan.PublishedPort port : network.ports()) {
      host.withObjectProperty("PortBindings")
          .putArray(key(port))
          .addObject()
          .put("HostIp", "127.0.0.1")
          .put("HostPort", port.host() == 0 ? "" : Integer.toString(port.host()));
    }
    put(
        host,
        "ExtraHosts",
        network.hosts().entrySet().stream().map(e -> e.getKey() + ":" + e.getValue()).toList());
    put(host, "Dns", network.dns());
  }

  private static String key(NetworkPlan.PublishedPort port) {
    return port.container() + "/" + port.protocol();
  }

  private static ObjectNode devices(GpuAssignment gpu) {
    ObjectNode request = EngineRequest.JSON.createObjectNode();
    request.put("Driver", "");
    request.set("DeviceIDs", list(gpu.deviceIds().stream()));
    request
        .putArray("Capabilities")
        .add(list(Stream.concat(Stream.of("gpu"), gpu.capabilities().stream()).distinct()));
    return request;
  }

  private static ArrayNode list(Stream<String> words) {
    return EngineRequest.JSON.valueToTree(words.toList());
  }

  private static void put(ObjectNode object, String field, List<String> words) {
    if (!words.isEmpty()) {
      object.set(field, list(words.stream()));
    }
  }

  private static void put(ObjectNode object, String field, String text) {
    if (!text.isEmpty()) {
      object.put(field, text);
    }
  }

  private static void put(ObjectNode object, String field, long number) {
    if (number > 0) {
      object.put(field, number);
    }
  }
}
