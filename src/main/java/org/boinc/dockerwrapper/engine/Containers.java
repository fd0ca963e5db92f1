package org.boinc.dockerwrapper.engine;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.boinc.dockerwrapper.plan.ImageFacts;

/**
 * The life of containers. Every action may be repeated: starting what runs and removing what is
 * gone are successes. A container is named by its ID or name.
 */
public final class Containers {
  /**
   * Short: a call that hangs is tried again while the client still waits for us to leave, and an
   * engine that needs longer for all the files says at the next try that it is at it.
   */
  private static final Duration REMOVAL = Duration.ofSeconds(8);

  /** The engine may have to count all that it keeps. */
  private static final Duration VOLUMES = Duration.ofMinutes(2);

  private final Sessions sessions;
  private final EngineFacts facts;
  private final Optional<PodmanTraits> podman;

  Containers(Sessions sessions, EngineFacts facts, Optional<PodmanTraits> podman) {
    this.sessions = sessions;
    this.facts = facts;
    this.podman = podman;
  }

  /** Whatever containers there are, in whatever state, as one answer of the engine tells them. */
  public List<ListedContainer> list() throws EngineException {
    try (Session session = sessions.action()) {
      return session
          .demand(
              "listing containers", EngineRequest.get("/containers/json", Map.of("all", "true")))
          .items()
          .map(Listings::container)
          .toList();
    }
  }

  /** All containers with these labels, in whatever state. */
  public List<ContainerSighting> find(Map<String, String> labels) throws EngineException {
    String what = "looking for containers labelled " + labels;
    try (Session session = sessions.action()) {
      Json listed =
          session.demand(
              what,
              EngineRequest.get(
                  "/containers/json",
                  Map.of("all", "true", "filters", EngineRequest.labelFilter(labels))));
      List<ContainerSighting> found = new ArrayList<>();
      for (Json container : listed.items().toList()) {
        // Listed and already gone is no error.
        session
            .ask(what, inspection(container.path("Id").text(), false))
            .map(this::sighting)
            .ifPresent(found::add);
      }
      return found;
    }
  }

  /**
   * Creates a container.
   *
   * @return its ID
   * @throws EngineException CONFLICT if the name is taken
   */
  public String create(String name, ContainerPlan plan, ImageFacts image) throws EngineException {
    String what = "creating container " + name;
    JsonObject request = ContainerRequest.of(plan, image, facts.files());
    if (podman.isPresent()) {
      request = podman.get().creation(what, request, facts.rootless());
    }
    boolean ownRequest =
        podman.isPresent() && podman.get().needsOwnRequest(request, facts.rootless());
    EngineRequest creation =
        ownRequest
            ? EngineRequest.post(
                LibpodRequest.PATH, Map.of(), LibpodRequest.of(name, request, facts.rootless()))
            : EngineRequest.post("/containers/create", Map.of("name", name), request);
    try (Session session = sessions.action()) {
      return session.demand(what, creation).path("Id").text();
    }
  }

  /**
   * Starts a container, or does nothing if it runs.
   *
   * @param limit how long the engine may take; a device hook can be slow
   */
  public void start(String id, Duration limit) throws EngineException {
    act("starting container " + id, longer(limit), post(id, "/start"));
  }

  /** How a container was brought to rest. */
  public enum Pause {
    /** The kernel holds it for the engine. */
    FROZEN,
    /** The engine can't do that here; its processes have got the stop signal. */
    STOPPED
  }

  /**
   * Brings all processes to rest. CONFLICT if they are already, or if it does not run.
   *
   * <p>Podman without root can't freeze a container on version 1 of the kernel's groups, nor on
   * version 2 where it was given none to divide.
   */
  public Pause pause(String id) throws EngineException {
    String what = "pausing container " + id;
    try {
      act(what, sessions.patience(), post(id, "/pause"));
      return Pause.FROZEN;
    } catch (EngineException refused) {
      if (refused.fault() != Fault.REFUSED) {
        throw refused;
      }
      StopSignals.stop(what, inspect(id), refused);
      return Pause.STOPPED;
    }
  }

  /** Lets all processes go on. */
  public void unpause(String id) throws EngineException {
    String what = "unpausing container " + id;
    try {
      act(what, sessions.patience(), post(id, "/unpause"));
    } catch (EngineException refused) {
      if (refused.fault() != Fault.REFUSED && refused.fault() != Fault.CONFLICT) {
        throw refused;
      }
      StopSignals.go(what, inspect(id), refused);
    }
  }

  /** Whether a container that was {@link Pause#STOPPED} still is. Costs the engine nothing. */
  public boolean isStopped(String id, long pid) {
    return StopSignals.isStopped(id, pid);
  }

  /**
   * Whether the kernel holds a running container to its limits. Podman without root may accept them
   * and give the container no control group to which they could apply.
   */
  public boolean isLimited(String id) throws EngineException {
    return !facts.rootless()
        || ContainerProcesses.of(id, inspect(id).pid())
            .map(ContainerProcesses::haveOwnGroup)
            .orElse(true);
  }

  /** Sends the stop signal, and KILL when the grace is over; nothing if it does not run. */
  public void stop(String id, Duration grace) throws EngineException {
    act(
        "stopping container " + id,
        sessions.patience().plus(grace),
        EngineRequest.post(
            EngineRequest.container(id, "/stop"), Map.of("t", Long.toString(grace.toSeconds()))));
  }

  /** Ends all processes at once; CONFLICT if it does not run. */
  public void kill(String id) throws EngineException {
    signal(id, "KILL");
  }

  /**
   * Sends a signal to the container's first process, which hands it on to the job; CONFLICT if it
   * does not run.
   */
  public void signal(String id, String signal) throws EngineException {
    act(
        "sending %s to container %s".formatted(signal, id),
        sessions.patience(),
        EngineRequest.post(EngineRequest.container(id, "/kill"), Map.of("signal", signal)));
  }

  /** Changes the quota of a container, running or not. */
  public void limitCpus(String id, double cpus) throws EngineException {
    try {
      act(
          "limiting container " + id + " to " + cpus + " CPUs",
          sessions.patience(),
          EngineRequest.post(
              EngineRequest.container(id, "/update"), Map.of(), ContainerRequest.cpuQuota(cpus)));
    } catch (EngineException refused) {
      if (podman.isEmpty()) {
        throw refused;
      }
      podman.get().notLimited(refused, inspect(id, false), cpus);
    }
  }

  /** Removes a container in whatever state, and its anonymous volumes. */
  public void remove(String id) throws EngineException {
    Map<String, String> query = Map.of("force", "true", "v", "true");
    try {
      if (facts.rootless()) {
        killStopped(id);
      }
      act(
          "removing container " + id,
          REMOVAL,
          EngineRequest.delete(
              EngineRequest.container(id, ""),
              podman.map(traits -> traits.removal(query)).orElse(query)));
    } catch (EngineException e) {
      if (e.fault() != Fault.NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Podman would wait for one whose processes are stopped: they don't hear its polite signal. */
  private void killStopped(String id) throws EngineException {
    ContainerSighting seen = inspect(id);
    if (seen.state() == ContainerState.PAUSED && isStopped(seen.id(), seen.pid())) {
      kill(id);
    }
  }

  private static EngineRequest post(String id, String action) {
    return EngineRequest.post(EngineRequest.container(id, action));
  }

  private void act(String what, Duration silence, EngineRequest request) throws EngineException {
    try (Session session = sessions.action(silence)) {
      session.act(what, request);
    }
  }

  private Duration longer(Duration limit) {
    return limit.compareTo(sessions.patience()) > 0 ? limit : sessions.patience();
  }

  /** How the container is; NOT_FOUND if it is gone. */
  public ContainerSighting inspect(String id) throws EngineException {
    return sighting(inspect(id, false));
  }

  private ContainerSighting sighting(Json description) {
    ContainerSighting seen = Sightings.of(description);
    return StopSignals.see(podman.map(traits -> traits.corrected(description, seen)).orElse(seen));
  }

  /**
   * Bytes that the container has written outside its mounts, or to volumes that its image declares.
   */
  public long writableBytes(String id) throws EngineException {
    Json description = inspect(id, true);
    Set<String> volumes =
        description
            .path("Mounts")
            .items()
            .filter(mount -> mount.path("Type").text().equals("volume"))
            .map(mount -> mount.path("Name").text())
            .collect(Collectors.toSet());
    return description.path("SizeRw").number() + (volumes.isEmpty() ? 0 : bytes(volumes));
  }

  /** The engine tells it of all volumes together only. */
  private long bytes(Set<String> volumes) throws EngineException {
    try (Session session = sessions.action(VOLUMES)) {
      return session
          .demand(
              "asking for the size of volumes",
              EngineRequest.get("/system/df", Map.of("type", "volume")))
          .path("Volumes")
          .items()
          .filter(volume -> volumes.contains(volume.path("Name").text()))
          .mapToLong(volume -> volume.path("UsageData").path("Size").number())
          .sum();
    }
  }

  /** USER as the container was created with: numbers, names, or empty for root. */
  public String user(String id) throws EngineException {
    return inspect(id, false).path("Config").path("User").text();
  }

  /**
   * Which port of this host leads to each published port, such as {@code 8080/tcp}; empty where it
   * does not run or is off the network.
   */
  public Map<String, Integer> hostPorts(String id) throws EngineException {
    return Sightings.hostPorts(inspect(id, false));
  }

  private Json inspect(String id, boolean withSize) throws EngineException {
    String what = "inspecting container " + id;
    try (Session session = sessions.action()) {
      return session.demand(what, inspection(id, withSize));
    }
  }

  private static EngineRequest inspection(String id, boolean withSize) {
    return EngineRequest.get(
        EngineRequest.container(id, "/json"), withSize ? Map.of("size", "true") : Map.of());
  }

  /**
   * Blocks until a container does not run. Interrupting the thread or closing the engine ends it;
   * cancelling actions does not.
   *
   * @return exit code; of one that was never started, nothing that means anything
   */
  public int awaitExit(String id) throws EngineException {
    String what = "waiting for container " + id;
    boolean podmans = podman.isPresent() && podman.get().hasOwnInterface();
    EngineRequest request = podmans ? PodmanTraits.awaitEnd(id) : post(id, "/wait");
    try (Session session = sessions.watch()) {
      Json answer = session.read(what, request, body -> Json.parse(body.readAllBytes()));
      Json status = podmans ? answer : answer.path("StatusCode");
      if (!status.isNumber()) {
        throw EngineException.of(
            Fault.UNREACHABLE, what, "the engine ended the wait without a status");
      }
      return (int) status.number();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /**
   * Blocks and passes on what the container writes until it ends; see {@link #awaitExit} for ending
   * it earlier. It may come twice, and the second time whole.
   *
   * @throws IOException of the sink
   */
  public void followLogs(String id, LogRange range, boolean stdout, boolean stderr, LogSink sink)
      throws EngineException, IOException {
    try (Session session = sessions.watch()) {
      new ContainerLog(session, podman.isPresent(), id, range, stdout, stderr).follow(sink);
    }
  }

  /** What the container has written so far. */
  public void logs(String id, LogRange range, boolean stdout, boolean stderr, LogSink sink)
      throws EngineException, IOException {
    try (Session session = sessions.action()) {
      new ContainerLog(session, podman.isPresent(), id, range, stdout, stderr).read(sink);
    }
  }

  /**
   * Where the kernel of this host accounts for it; empty when it does not run, or not here.
   *
   * @param pid of the last {@link ContainerSighting}
   */
  public Optional<KernelAccounts> accounts(String id, long pid) {
    return pid > 0 ? Cgroups.OF_HOST.accounts(id, pid) : Optional.empty();
  }

  /** What went over its network, by the kernel of this host; empty likewise. */
  public Optional<NetworkBytes> networkBytes(String id, long pid) {
    return pid > 0 ? Cgroups.OF_HOST.network(id, pid) : Optional.empty();
  }

  /**
   * What the container uses; empty when it does not run.
   *
   * @param pid of the last {@link ContainerSighting}; 0 if not known
   */
  public Optional<ResourceUsage> usage(String id, long pid) throws EngineException {
    Optional<ResourceUsage> fromKernel = accounts(id, pid).flatMap(KernelAccounts::usage);
    if (fromKernel.isPresent()) {
      return fromKernel;
    }
    // Podman without root answers with what the whole host uses.
    Optional<ResourceUsage> addedUp =
        facts.rootless()
            ? ContainerProcesses.of(id, pid).map(ContainerProcesses::usage)
            : Optional.empty();
    if (addedUp.isPresent()) {
      return addedUp;
    }
    AtomicReference<Optional<ResourceUsage>> answer = new AtomicReference<>(Optional.empty());
    try (Session session = sessions.action()) {
      session.stream(
          "asking for the usage of container " + id,
          docker -> docker.statsCmd(id).withNoStream(true),
          statistics -> answer.set(Sightings.usage(statistics)));
    }
    return answer.get();
  }

  /**
   * Gives all processes of a running container the lowest priority; does nothing where they can't
   * be seen from here, as those of an engine on another machine.
   *
   * @param pid of the last {@link ContainerSighting}; 0 if not known
   * @return why it could not be done, if so
   * @throws IOException where the container has ended just now
   */
  public Optional<String> lowerPriority(String id, long pid)
      throws IOException, InterruptedException {
    return pid > 0 && Files.isDirectory(Path.of("/proc", Long.toString(pid)))
        ? Niceness.OF_HOST.lower(() -> processes(id, pid))
        : Optional.empty();
  }

  private static List<Long> processes(String id, long pid) throws IOException {
    List<Long> grouped = Cgroups.OF_HOST.processes(id, pid);
    return grouped.isEmpty()
        ? ContainerProcesses.of(id, pid).map(ContainerProcesses::pids).orElse(List.of())
        : grouped;
  }
}
