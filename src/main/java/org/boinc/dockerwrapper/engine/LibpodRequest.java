package org.boinc.dockerwrapper.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The request to create a container in the words of Podman's own interface (libpod SpecGenerator),
 * made of the one in Docker's words: only there it takes CDI names and the groups of its own user.
 * What {@link ContainerRequest} can say is said here, and nothing else.
 */
final class LibpodRequest {
  static final String PATH = PodmanTraits.VERSION + "/containers/create";

  /** Of the quota, in microseconds. */
  private static final long PERIOD = 100_000;

  /** As the runtime crun knows it: the container has all groups of whoever runs Podman. */
  private static final Map<String, String> KEEP_GROUPS =
      Map.of("run.oci.keep_original_groups", "1");

  /** Under other names, and otherwise the same. */
  private static final Map<String, String> FIELDS =
      Map.of(
          "Image", "image",
          "Labels", "labels",
          "StopTimeout", "stop_timeout",
          "Entrypoint", "entrypoint",
          "Cmd", "command",
          "WorkingDir", "work_dir",
          "Hostname", "hostname",
          "User", "user");

  private static final Map<String, String> HOST_FIELDS =
      Map.of(
          "Init", "init",
          "CapDrop", "cap_drop",
          "CapAdd", "cap_add",
          "ReadonlyRootfs", "read_only_filesystem",
          "ShmSize", "shm_size",
          "ExtraHosts", "hostadd",
          "Dns", "dns_server",
          "CgroupParent", "cgroup_parent");

  /** As Linux counts them on all machines that containers run on; Docker takes the names. */
  private static final Map<String, Integer> SIGNALS =
      Map.ofEntries(
          Map.entry("HUP", 1),
          Map.entry("INT", 2),
          Map.entry("QUIT", 3),
          Map.entry("TRAP", 5),
          Map.entry("ABRT", 6),
          Map.entry("KILL", 9),
          Map.entry("USR1", 10),
          Map.entry("USR2", 12),
          Map.entry("ALRM", 14),
          Map.entry("TERM", 15),
          Map.entry("CONT", 18),
          Map.entry("STOP", 19),
          Map.entry("TSTP", 20),
          Map.entry("XCPU", 24),
          Map.entry("WINCH", 28),
          Map.entry("PWR", 30));

  private final Json request;
  private final Json host;
  private final JsonObject made = new JsonObject();

  private LibpodRequest(JsonObject request) {
    this.request = new Json(request);
    this.host = this.request.path("HostConfig");
  }

  /**
   * The same request.
   *
   * @param request as {@link PodmanTraits#creation} made it
   */
  static JsonObject of(String name, JsonObject request, boolean rootless) {
    return new LibpodRequest(request).translated(name, rootless);
  }

  private JsonObject translated(String name, boolean rootless) {
    made.addProperty("name", name);
    FIELDS.forEach((theirs, ours) -> take(request, theirs, ours));
    HOST_FIELDS.forEach((theirs, ours) -> take(host, theirs, ours));
    made.add("env", environment());
    made.addProperty("no_new_privileges", true);
    made.addProperty("restart_policy", "no");
    made.addProperty("image_volume_mode", "anonymous");
    made.addProperty("systemd", "false");
    made.add("log_configuration", Json.of(Map.of("driver", "k8s-file", "size", 64L << 20)));
    String signal = request.path("StopSignal").text();
    if (!signal.isEmpty()) {
      made.addProperty("stop_signal", number(signal));
    }
    limits();
    made.add("mounts", mounts());
    network();
    devices();
    if (rootless) {
      made.add("annotations", Json.of(KEEP_GROUPS));
    } else {
      take(host, "GroupAdd", "groups");
    }
    return made;
  }

  private void take(Json from, String theirs, String ours) {
    Json value = from.path(theirs);
    if (!value.element().isJsonNull()) {
      made.add(ours, value.element());
    }
  }

  private JsonObject environment() {
    JsonObject variables = new JsonObject();
    request
        .path("Env")
        .items()
        .map(Json::text)
        .forEach(
            line ->
                variables.addProperty(
                    line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
    return variables;
  }

  private static int number(String signal) {
    String name = signal.startsWith("SIG") ? signal.substring(3) : signal;
    if (name.startsWith("RTMIN") || name.startsWith("RTMAX")) {
      int first = name.startsWith("RTMIN") ? 34 : 64;
      return first + (name.length() > 5 ? Integer.parseInt(name.substring(5)) : 0);
    }
    Integer known = SIGNALS.get(name);
    return known == null ? Integer.parseInt(name) : known;
  }

  private void limits() {
    Map<String, Object> limits = new LinkedHashMap<>();
    Map<String, Object> cpu =
        new LinkedHashMap<>(Map.of("shares", host.path("CpuShares").number()));
    long nanos = host.path("NanoCpus").number();
    if (nanos > 0) {
      cpu.put("period", PERIOD);
      cpu.put("quota", nanos * PERIOD / 1_000_000_000);
    }
    limits.put("cpu", cpu);
    long memory = host.path("Memory").number();
    if (memory > 0) {
      limits.put("memory", Map.of("limit", memory, "swap", host.path("MemorySwap").number()));
    }
    long pids = host.path("PidsLimit").number();
    if (pids > 0) {
      limits.put("pids", Map.of("limit", pids));
    }
    limits.put("blockIO", Map.of("weight", host.path("BlkioWeight").number()));
    made.add("resource_limits", Json.of(limits));
    made.add(
        "r_limits",
        Json.of(
            host.path("Ulimits")
                .items()
                .map(
                    limit ->
                        Map.of(
                            "type",
                            limit.path("Name").text(),
                            "soft",
                            limit.path("Soft").number(),
                            "hard",
                            limit.path("Hard").number()))
                .toList()));
  }

  private JsonArray mounts() {
    List<Map<String, Object>> mounts = new ArrayList<>();
    for (Json bind : host.path("Binds").items().toList()) {
      String[] words = bind.text().split(":", -1);
      mounts.add(mount("bind", words[0], words[1], List.of(words[2], "rprivate", "rbind")));
    }
    host.path("Tmpfs")
        .texts()
        .forEach(
            (target, options) ->
                mounts.add(mount("tmpfs", "tmpfs", target, List.of(options.split(",", -1)))));
    return Json.of(mounts).getAsJsonArray();
  }

  private static Map<String, Object> mount(
      String type, String source, String target, List<String> options) {
    return Map.of("type", type, "source", source, "destination", target, "options", options);
  }

  private void network() {
    String mode = host.path("NetworkMode").text();
    boolean namespace = Set.of("none", "host", Networks.OUTSIDE).contains(mode);
    made.add("netns", Json.of(Map.of("nsmode", namespace ? mode : Networks.OUTSIDE)));
    if (!namespace) {
      made.add("networks", Json.of(Map.of(mode, Map.of())));
    }
    List<Map<String, Object>> ports = new ArrayList<>();
    Json bindings = host.path("PortBindings");
    for (String port : bindings.names()) {
      String[] words = port.split("/", -1);
      bindings.path(port).items().forEach(binding -> ports.add(port(words[0], words[1], binding)));
    }
    made.add("portmappings", Json.of(ports));
    if (host.path("IpcMode").text().equals("host")) {
      made.add("ipcns", Json.of(Map.of("nsmode", "host")));
    }
  }

  private static Map<String, Object> port(String container, String protocol, Json binding) {
    String free = binding.path("HostPort").text();
    return Map.of(
        "container_port",
        Integer.parseInt(container),
        "host_port",
        free.isEmpty() ? 0 : Integer.parseInt(free),
        "host_ip",
        binding.path("HostIp").text(),
        "protocol",
        protocol);
  }

  private void devices() {
    List<Map<String, String>> devices = new ArrayList<>();
    host.path("Devices")
        .items()
        .forEach(
            node ->
                devices.add(
                    Map.of(
                        "path",
                        "%s:%s:%s"
                            .formatted(
                                node.path("PathOnHost").text(),
                                node.path("PathInContainer").text(),
                                node.path("CgroupPermissions").text()))));
    host.path("DeviceRequests")
        .items()
        .flatMap(request -> request.path("DeviceIDs").items())
        .forEach(name -> devices.add(Map.of("path", name.text())));
    made.add("devices", Json.of(devices));
  }
}
