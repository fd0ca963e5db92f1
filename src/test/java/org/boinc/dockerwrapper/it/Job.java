package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.boinc.dockerwrapper.boinc.AppStatus;
import org.boinc.dockerwrapper.boinc.Channel;
import org.boinc.dockerwrapper.boinc.FinishFile;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.boinc.SharedMemory;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.LogRange;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.plan.Name;
import org.boinc.dockerwrapper.plan.Names;
import org.boinc.dockerwrapper.simulate.ClientTiming;
import org.boinc.dockerwrapper.simulate.Episode;
import org.boinc.dockerwrapper.simulate.EpisodeEnd;
import org.boinc.dockerwrapper.simulate.SimulatedClient;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.boinc.dockerwrapper.simulate.SimulatedSlot;
import org.boinc.dockerwrapper.simulate.Timeline;

/** One job under the simulated client: its slot, its wrapper process, its container. */
final class Job {
  /** What a simple job may take on a busy machine. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private final SimulatedSlot slot;
  private final SimulatedClient client;
  private final TestEngine engine;
  private final InitData description;
  private final List<String> command;
  private final Path realDirectory;
  private final List<Process> alone = new ArrayList<>();

  private Job(SimulatedSlot slot, SimulatedClient client, TestEngine engine, List<String> command)
      throws IOException {
    this.slot = slot;
    this.client = client;
    this.engine = engine;
    this.command = command;
    this.description = InitData.read(slot.directory());
    this.realDirectory = slot.directory().toRealPath();
  }

  SimulatedClient client() {
    return client;
  }

  SimulatedSlot slot() {
    return slot;
  }

  /** A file of the slot. */
  Path file(String name) {
    return slot.directory().resolve(name);
  }

  /** A file of the directory that a mounted job sees as {@code /app}, while it runs. */
  Path work(String name) {
    return file(Slot.WORK_DIRECTORY).resolve(name);
  }

  /** Lets a script go on that waits until {@code /app/go} exists. */
  void go() throws IOException {
    Files.createFile(work("go"));
  }

  /** A mailbox in the shared memory, to write or read what the simulated client would not. */
  Channel mailbox(Channel.Name name) throws IOException {
    return new Channel(SharedMemory.attach(slot.directory()), name);
  }

  /** Sends a signal to the wrapper process. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(client.wrapperPid())).start();
    assertEquals(0, kill.waitFor());
  }

  /** Starts a wrapper process in the slot that no client looks after. */
  Process launchAlone() throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(slot.directory().toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.appendTo(file("stderr.txt").toFile()))
            .start();
    alone.add(process);
    return process;
  }

  /** The status of a process that ends. */
  static int statusOf(Process process) throws InterruptedException {
    if (!process.waitFor(PATIENCE)) {
      throw new AssertionError("process %d still runs".formatted(process.pid()));
    }
    return process.exitValue();
  }

  /** The text of an output, wherever the client would look for it. */
  String output(String logicalName) throws IOException {
    SimulatedFile file =
        slot.files().stream()
            .filter(candidate -> candidate.logicalName().equals(logicalName))
            .findFirst()
            .orElseThrow(() -> new AssertionError("the job declares no output " + logicalName));
    return Files.readString(
        file.realisation() == SimulatedFile.Realisation.COPY
            ? file(logicalName)
            : slot.inProject(file));
  }

  /** Where a declared file is in the project directory, whatever its physical name. */
  Path inProject(SimulatedFile declared) {
    return slot.inProject(
        slot.files().stream()
            .filter(candidate -> candidate.logicalName().equals(declared.logicalName()))
            .findFirst()
            .orElseThrow(() -> new AssertionError("the job declares no " + declared)));
  }

  /** Whether no declared output was changed after this slot file. */
  boolean isNewest(String name) throws IOException {
    FileTime time = Files.getLastModifiedTime(file(name));
    for (SimulatedFile file : slot.files()) {
      Path output =
          file.realisation() == SimulatedFile.Realisation.COPY
              ? file(file.logicalName())
              : slot.inProject(file);
      if (Files.getLastModifiedTime(output).compareTo(time) > 0) {
        return false;
      }
    }
    return true;
  }

  /** What the wrapper wrote for people. */
  String stderr() throws IOException {
    return slot.stderrText();
  }

  /** Starts an episode. */
  Job start() throws IOException {
    client.start();
    return this;
  }

  /** Waits for the end of the episode. */
  Episode end() throws Exception {
    return client.awaitExit(PATIENCE);
  }

  /** One episode from start to end. */
  Episode run() throws Exception {
    return start().end();
  }

  /** One episode at whose end the client must find a finished result. */
  Episode runToCompletion() throws Exception {
    return completed(run());
  }

  /** Waits for the end of the episode, which must be the job's. */
  Episode endOfJob() throws Exception {
    return completed(end());
  }

  private Episode completed(Episode episode) throws IOException {
    assertInstanceOf(EpisodeEnd.Completed.class, episode.end(), episode.end().sentence());
    assertEquals("0", Files.readAllLines(file(FinishFile.NAME)).getFirst());
    return episode;
  }

  /** All containers of this slot. */
  List<ContainerSighting> containers() throws EngineException, IOException {
    return engine.engine().containers().find(Labels.ofSlot(realDirectory));
  }

  /** The one container of this slot. */
  ContainerSighting container() throws EngineException, IOException {
    List<ContainerSighting> found = containers();
    assertEquals(1, found.size(), () -> "containers of this slot: " + found);
    return found.getFirst();
  }

  /** Waits until the job's container is in a state. */
  ContainerSighting await(ContainerState state) throws Exception {
    return await(state, PATIENCE);
  }

  /** Waits until the job's container is in a state. */
  ContainerSighting await(ContainerState state, Duration patience) throws Exception {
    return Await.value(
        "a container of %s that is %s".formatted(slot.resultName(), state),
        patience,
        () -> containers().stream().filter(found -> found.state() == state).findFirst());
  }

  /**
   * Waits until the job's container runs and the wrapper knows: what the client asks for before
   * that waits for the start's end.
   */
  ContainerSighting awaitWatched() throws Exception {
    ContainerSighting running = await(ContainerState.RUNNING);
    awaitStderr("-> RUNNING");
    return running;
  }

  /** Waits until the client was told something. */
  AppStatus awaitReport(String what, Predicate<AppStatus> wanted) throws InterruptedException {
    return client
        .awaitStatus(wanted, PATIENCE)
        .orElseThrow(() -> new AssertionError("never reported: " + what));
  }

  /** Waits until stderr.txt contains a text. */
  void awaitStderr(String text) throws Exception {
    Await.until("stderr.txt says: " + text, PATIENCE, () -> stderr().contains(text));
  }

  /** The image that goes with the workunit, if it is there. */
  Optional<ImageFacts> workunitImage() throws EngineException {
    Name name = Names.workunitImage(description);
    Optional<ImageFacts> found = engine.engine().images().find(name.preferred());
    return found.isPresent() ? found : engine.engine().images().find(name.qualified());
  }

  /** The engine's record of what the container wrote so far. */
  String containerOutput() throws EngineException, IOException {
    StringBuilder text = new StringBuilder();
    for (ContainerSighting found : containers()) {
      engine
          .engine()
          .containers()
          .logs(
              found.id(),
              LogRange.ALL,
              true,
              true,
              (_, bytes) -> text.append(new String(bytes, StandardCharsets.UTF_8)));
    }
    return text.toString();
  }

  /** Whether the client would never start the job again. */
  boolean isOver() {
    return !client.episodes().isEmpty() && !client.episodes().getLast().end().restarts();
  }

  /** Kills the wrapper if it runs. */
  void close() {
    alone.forEach(Process::destroyForcibly);
    client.close();
  }

  /** Between two episodes: the container dies, and the journal is of another boot. */
  void reboot() throws Exception {
    engine.engine().containers().kill(container().id());
    await(ContainerState.EXITED);
    Path journal = file("docker_wrapper_state.json");
    String text = Files.readString(journal);
    String other = text.replaceFirst("\"bootId\":\"[^\"]+\"", "\"bootId\":\"before\"");
    assertNotEquals(text, other);
    Files.writeString(journal, other);
  }

  /** For a person who wonders why a test failed. */
  String report(String test) throws EngineException, IOException {
    String timeline =
        client.timeline().entries().stream()
            .filter(entry -> entry.kind() != Timeline.Kind.STATUS)
            .map(entry -> "%8.3f %s".formatted(entry.at().toMillis() / 1000.0, entry.text()))
            .collect(Collectors.joining("\n"));
    return """
    ==== %s: %s
    -- the client
    %s
    -- stderr.txt
    %s
    -- containers
    %s
    -- their output
    %s
    ====
    """
        .formatted(
            test,
            slot.resultName(),
            timeline,
            stderr(),
            containers(),
            containerOutput().lines().limit(40).collect(Collectors.joining("\n")));
  }

  /** Removes the containers and images of this job, and says which there were. */
  List<String> removeLeftOvers() throws EngineException, IOException {
    List<String> left = new ArrayList<>();
    List<ContainerSighting> all = new ArrayList<>(containers());
    all.sort(Comparator.comparingInt(found -> Labels.removalOrder(found.labels())));
    for (ContainerSighting found : all) {
      left.add("container %s (%s)".formatted(found.name(), found.state()));
      engine.engine().containers().remove(found.id());
    }
    Name workunit = Names.workunitImage(description);
    for (String tag : List.of(workunit.preferred(), workunit.qualified())) {
      if (engine.engine().images().find(tag).isPresent()) {
        left.add("image " + tag);
        engine.engine().images().remove(tag);
      }
    }
    // An app version's image outlives the job on purpose.
    Name appVersion = Names.appVersionImage(description);
    engine.engine().images().remove(appVersion.preferred());
    engine.engine().images().remove(appVersion.qualified());
    return left;
  }

  /** Collects what a job is made of. */
  static final class Builder {
    private final Jobs jobs;
    private final String unique;
    private final SimulatedSlot.Builder slot;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private List<String> prefix = List.of();
    private List<String> wrapper = WrapperCommand.words();
    private ClientTiming timing = ClientTiming.REAL.polling(Duration.ofMillis(200));
    private boolean mortal;

    Builder(String prefix, Path data, Jobs jobs) {
      this.jobs = jobs;
      this.unique = prefix + "_" + UUID.randomUUID().toString().substring(0, 8);
      this.slot = SimulatedSlot.in(data).appVersion(unique, "docker", 100).workunit(unique);
    }

    /** The job.toml, a soft link to a file of the app version. */
    Builder toml(String text) {
      return file(SimulatedFile.app("job.toml", text));
    }

    /** A shell script of the app version. */
    Builder script(String name, String text) {
      return file(SimulatedFile.app(name, text));
    }

    /** Any file; several jobs of a test share the project directory but none of their files. */
    Builder file(SimulatedFile file) {
      slot.file(file.physical(unique + "_" + file.physicalName()));
      return this;
    }

    /** The workunit's command line. */
    Builder arguments(String... words) {
      slot.arguments(List.of(words));
      return this;
    }

    /** What the client grants, and whatever else is in init_data.xml. */
    Builder slot(Consumer<SimulatedSlot.Builder> change) {
      change.accept(slot);
      return this;
    }

    /** A variable of the wrapper process. */
    Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** What runs the wrapper, such as {@code setpriv} with its options. */
    Builder under(List<String> words) {
      prefix = words;
      return this;
    }

    /** Another wrapper than the one that all tests start. */
    Builder wrapper(Path program) {
      wrapper = List.of(program.toString());
      return this;
    }

    /** The wrapper reaches the engine through this proxy only. */
    Builder through(FaultyProxy proxy) {
      return environment("DOCKER_HOST", proxy.endpoint().toString());
    }

    /** How often the client looks at the job; the real one does once a second. */
    Builder polling(Duration period) {
      timing = timing.polling(period);
      return this;
    }

    /** client_pid is a process that can be killed. */
    Builder mortalClient() {
      mortal = true;
      return this;
    }

    /** Lays out the slot; nothing runs yet. */
    Job prepare() throws IOException {
      SimulatedSlot made = slot.prepare();
      List<String> command = new ArrayList<>(TestUser.asOwnerOfEngine());
      command.addAll(prefix);
      command.add("env");
      // A shell that starts us in the background may have made us, and so the wrapper, ignore some.
      command.add("--default-signal=HUP,INT,TERM");
      environment.forEach((name, value) -> command.add(name + "=" + value));
      command.addAll(wrapper);
      SimulatedClient client =
          new SimulatedClient(made, command, timing, new Timeline(entry -> {}));
      Job job = new Job(made, mortal ? client.mortal() : client, jobs.engine(), command);
      if (TestUser.OWNS_ENGINE) {
        TestUser.handOver(job);
      }
      jobs.prepared(job);
      return job;
    }

    /** Lays out the slot and starts the first episode. */
    Job start() throws IOException {
      return prepare().start();
    }
  }
}
