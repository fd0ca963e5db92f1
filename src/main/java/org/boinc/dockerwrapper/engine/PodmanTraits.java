package org.boinc.dockerwrapper.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is different where Podman answers behind Docker's API. Seen on Podman 4.3.1; a later one may
 * need less of it, and none is known that it harms.
 */
final class PodmanTraits {
  /** Its only log with a limit. At the limit it begins anew, and what was written is lost. */
  private static final Map<String, Object> LOG =
      Map.of("Type", "k8s-file", "Config", Map.of("max-size", "64m"));

  /**
   * One limit that is given takes the engine's own setting from the others, and it then asks for
   * more than a root without CAP_SYS_RESOURCE may give: so the two that it cares for are always
   * given together.
   */
  private static final Map<String, Long> LIMITS = Map.of("nofile", 4096L, "nproc", 32768L);

  /** Where it puts what it is sent, before it looks into it. */
  static final Path SPOOL = Path.of("/var/tmp");

  /**
   * Without root the kernel often counts no processes of a container, but those of the user. So
   * many of them may be others than the job's; a fork bomb stops there.
   */
  private static final long OTHER_PROCESSES = 1024;

  /** What a killed process ends with. */
  private static final int KILLED = 137;

  /** The answer to a build has no field for it. */
  private static final Pattern RUN_STATUS =
      Pattern.compile("while running runtime: exit status (\\d+)\\s*$");

  /** Likewise for a Dockerfile that it does not understand. */
  private static final Pattern NOT_UNDERSTOOD =
      Pattern.compile("Build error: Unknown instruction: |^no (contents in |FROM statement found)");

  /** Likewise for the registry's answer to a pull, here in the registry protocol's own words. */
  private static final Pattern NOT_IN_REGISTRY =
      Pattern.compile("(manifest|name|repository name not known to registry|blob) unknown\\b");

  /**
   * What it says of itself in every answer. What it says where it is asked, it asks of the package
   * manager, for one part after the other: a second of CPU time on Debian.
   */
  static final String VERSION_HEADER = "Libpod-Api-Version";

  /**
   * It knows no path of its own interface without a version: from 4 on each knows this, and before
   * that none.
   */
  static final String VERSION = "/v4.0.0/libpod";

  /** All states of a container that does not run, and how often it looks for one. */
  private static final String NOT_RUNNING =
      "?condition=created&condition=initialized&condition=stopped&condition=exited&interval=500ms";

  /** The status of nearly all of its errors. */
  private static final int UNSPECIFIC = 500;

  /** What that means, by the cause that is told beside the message: the words are constants. */
  private static final Map<String, Fault> CAUSES =
      Map.of(
          "container state improper", Fault.CONFLICT,
          "that name is already in use", Fault.CONFLICT,
          "tag not known", Fault.NOT_FOUND,
          "image not known", Fault.CONFLICT,
          "OCI runtime attempted to invoke a command that was not found", Fault.NO_COMMAND,
          "OCI permission denied", Fault.NO_COMMAND);

  private final boolean hasOwnInterface;

  /**
   * @param version its own, as it says itself
   */
  PodmanTraits(String version) {
    this.hasOwnInterface = since(version, 4, 0);
  }

  /**
   * The fault of an answer that is an error; empty where the status says it all.
   *
   * @param answer the body of an error; Docker's has no cause
   */
  static Optional<Fault> fault(int status, Json answer) {
    return status == UNSPECIFIC
        ? Optional.ofNullable(CAUSES.get(answer.path("cause").text()))
        : Optional.empty();
  }

  /** The request to create a container in words that it understands as they are meant. */
  JsonObject creation(String what, JsonObject request, boolean rootless) throws EngineException {
    JsonObject host = request.getAsJsonObject("HostConfig");
    if (new Json(host).path("DeviceRequests").items().anyMatch(PodmanTraits::isToolkits)) {
      throw EngineException.of(
          Fault.REFUSED, what, "Podman gives no GPU to a container that is asked for this way");
    }
    host.add("LogConfig", Json.of(LOG));
    binds(what, host);
    limits(host, rootless);
    return request;
  }

  /** It would be ignored in silence. */
  private static boolean isToolkits(Json request) {
    return !request.path("Driver").text().equals(ContainerRequest.CDI);
  }

  /**
   * Whether only its own interface can make this container: the other one knows no CDI names, and
   * without root it drops the ulimits in silence.
   */
  boolean needsOwnRequest(JsonObject request, boolean rootless) {
    return request.getAsJsonObject("HostConfig").has("DeviceRequests")
        || (rootless && hasOwnInterface);
  }

  /** It does since version 4.1. */
  static boolean knowsCdi(String version) {
    return since(version, 4, 1);
  }

  private static boolean since(String version, int major, int minor) {
    String[] numbers = version.split("\\.", -1);
    try {
      int first = Integer.parseInt(numbers[0]);
      int second = numbers.length > 1 ? Integer.parseInt(numbers[1]) : 0;
      return first > major || (first == major && second >= minor);
    } catch (NumberFormatException noVersion) {
      return false;
    }
  }

  /** Whether {@link #awaitEnd} can be asked for; Docker's way is there in every version. */
  boolean hasOwnInterface() {
    return hasOwnInterface;
  }

  /**
   * Waits until a container does not run, by its own interface: behind Docker's it looks at the
   * container without a pause, which keeps more than half of a core busy for as long as the job
   * runs. The answer is the exit code alone.
   */
  static EngineRequest awaitEnd(String id) {
    return EngineRequest.post(VERSION + EngineRequest.container(id, "/wait") + NOT_RUNNING);
  }

  /** In Mounts, what follows a comma in a path would become an option of the mount. */
  private static void binds(String what, JsonObject host) throws EngineException {
    JsonArray binds = new JsonArray();
    for (JsonElement mount : host.getAsJsonArray("Mounts")) {
      Json bind = new Json(mount);
      String source = bind.path("Source").text();
      String target = bind.path("Target").text();
      for (String path : List.of(source, target)) {
        if (path.contains(":")) {
          throw EngineException.of(
              Fault.REFUSED, what, "Podman can't mount " + path + ": there is a colon in it");
        }
      }
      existing(what, Path.of(source));
      binds.add(source + ":" + target + (bind.path("ReadOnly").flag() ? ":ro" : ":rw"));
    }
    host.remove("Mounts");
    host.add("Binds", binds);
  }

  /** It would make a directory of that name. Of another host nothing is known. */
  private static void existing(String what, Path source) throws EngineException {
    Path parent = source.getParent();
    if (parent != null && Files.isDirectory(parent) && Files.notExists(source)) {
      throw EngineException.of(Fault.REFUSED, what, "there is no " + source + " to be mounted");
    }
  }

  private static void limits(JsonObject host, boolean rootless) {
    JsonArray limits = host.getAsJsonArray("Ulimits");
    Map<String, Long> wanted = new HashMap<>();
    if (!limits.isEmpty()) {
      wanted.putAll(LIMITS);
    }
    if (rootless) {
      wanted.put("nproc", new Json(host).path("PidsLimit").number() + OTHER_PROCESSES);
    }
    Set<String> given =
        new Json(limits)
            .items()
            .map(limit -> limit.path("Name").text())
            .collect(Collectors.toSet());
    wanted.forEach(
        (name, value) -> {
          if (!given.contains(name)) {
            limits.add(Json.of(Map.of("Name", name, "Soft", value, "Hard", value)));
          }
        });
  }

  /** Removing a container that runs, it would give it the time that it has to stop. */
  Map<String, String> removal(Map<String, String> query) {
    Map<String, String> more = new HashMap<>(query);
    more.put("timeout", "0");
    return more;
  }

  /**
   * Before version 5 there is no request that changes a quota: it must be there already.
   *
   * @param description of the container
   */
  void notLimited(EngineException refused, Json description, double cpus) throws EngineException {
    if (refused.fault() != Fault.NOT_FOUND) {
      throw refused;
    }
    if (description.path("HostConfig").path("NanoCpus").number() != Math.round(cpus * 1e9)) {
      throw EngineException.of(
          Fault.REFUSED,
          "changing the CPU quota of a container that runs",
          "this version of Podman can't");
    }
  }

  /** How a container really is. */
  ContainerSighting corrected(Json description, ContainerSighting seen) {
    String word = description.path("State").path("Status").text();
    return switch (word) {
      // Said like this it would have ended with status 0.
      case "initialized" -> seen.in(ContainerState.CREATED, 0);
      case "stopping" -> alive(description, seen.in(ContainerState.RUNNING, 0));
      // After a reboot it knows that it once started the container, and no more.
      case "created" ->
          seen.startedAt().isPresent() ? seen.in(ContainerState.EXITED, KILLED) : seen;
      case "running", "paused" -> alive(description, seen);
      default -> seen;
    };
  }

  /**
   * Its monitor process tells of a container's end. Where that was killed, the container runs for
   * ever, and all that can be done is to remove it.
   */
  private static ContainerSighting alive(Json description, ContainerSighting seen) {
    String file = description.path("HostnamePath").text();
    // Only where that is a file of this host, the process number is one of this host, too.
    boolean here = !file.isEmpty() && Files.exists(Path.of(file));
    boolean gone = here && seen.pid() > 0 && Files.notExists(Path.of("/proc/" + seen.pid()));
    return gone ? seen.in(ContainerState.DEAD, KILLED) : seen;
  }

  /**
   * The end of a build's query. Commands of a build run in the host's own network, whatever mode of
   * Docker's is asked for: a namespace must be asked for in Podman's words, which have a policy in
   * place of a mode (libpod API, build: networkmode, nsoptions).
   */
  static String buildNetwork(boolean network) {
    return network
        ? "&nsoptions=%5B%7B%22Name%22%3A%22network%22%2C%22Host%22%3Afalse%2C%22Path%22%3A%22%22%7D%5D"
        : "&networkmode=NetworkDisabled";
  }

  /** What is known of a failed build. */
  BuildFailed buildFailed(String message, BuildFailed failed) {
    Matcher status = RUN_STATUS.matcher(message);
    return new BuildFailed(
        failed.tail(),
        status.find() ? OptionalInt.of(Integer.parseInt(status.group(1))) : failed.exitCode(),
        failed.badRequest() || NOT_UNDERSTOOD.matcher(message).find());
  }

  /** A pull that failed. */
  EngineException notPulled(String what, String message) {
    return NOT_IN_REGISTRY.matcher(message).find()
        ? EngineException.of(Fault.NOT_FOUND, what, message)
        : EngineException.inStream(what, message);
  }

  /** An archive of images as it is without compression: it loads no other. */
  InputStream plain(String what, InputStream archive) throws EngineException, IOException {
    return ImageArchive.decompress(archive)
        .orElseThrow(
            () ->
                EngineException.of(
                    Fault.REFUSED,
                    what,
                    "Podman loads no archive that is compressed like this; use gzip or none"));
  }

  /** Names as the job says them: it spells them with the registry that Docker leaves out. */
  Set<String> names(String name) {
    Set<String> names = new HashSet<>(Set.of(name));
    for (String prefix : List.of("docker.io/library/", "docker.io/", "localhost/")) {
      if (name.startsWith(prefix)) {
        names.add(name.substring(prefix.length()));
      }
    }
    return names;
  }
}
