package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.ContainerState;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.engine.Networks;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.PlanResult;
import org.boinc.dockerwrapper.plan.Refusal;
import org.boinc.dockerwrapper.run.JobState.Link;
import org.jspecify.annotations.Nullable;

/**
 * The steps themselves, each a few calls of the engine and a few files of the slot. What one step
 * found, the image or the container, the next ones use. For one thread, but for the getters.
 */
final class Steps {
  private final JobContext context;
  private final Journal journal;
  private final Supplier<Wishes.Network> wish;
  private final JobNetwork network;
  private final Runnable fetching;
  private final Shortcomings shortcomings;
  private volatile @Nullable Engine engine;
  private volatile @Nullable JobPlan plan;
  private volatile Optional<String> containerId = Optional.empty();
  private volatile Optional<Workers> workers = Optional.empty();
  private volatile boolean watchedToTheEnd;
  private Optional<ContainerSighting> seen = Optional.empty();
  private @Nullable ImageFacts image;

  /**
   * For one episode.
   *
   * @param wish what the client says of the network, asked before it would be used
   * @param fetching told when an image is about to be made
   */
  Steps(JobContext context, Journal journal, Supplier<Wishes.Network> wish, Runnable fetching) {
    this.context = context;
    this.journal = journal;
    this.wish = wish;
    this.network = new JobNetwork(context, wish);
    this.fetching = fetching;
    this.shortcomings = new Shortcomings(journal, context.log()::say);
  }

  /** Whether we were connected when the container ended. */
  void watchedToTheEnd(boolean value) {
    watchedToTheEnd = value;
  }

  Optional<Engine> engine() {
    return Optional.ofNullable(engine);
  }

  JobNetwork network() {
    return network;
  }

  Optional<JobPlan> plan() {
    return Optional.ofNullable(plan);
  }

  Optional<String> containerId() {
    return containerId;
  }

  Optional<Workers> workers() {
    return workers;
  }

  /** Does one step and says what came of it. */
  RunEvent perform(Step step)
      throws StepFailure, EngineException, IOException, InterruptedException {
    Optional<Workers> others = workers;
    if (others.isPresent()) {
      others.get().before(step);
    }
    RunEvent done = performAlone(step);
    if (others.isPresent()) {
      others.get().after(step);
    }
    return done;
  }

  private RunEvent performAlone(Step step)
      throws StepFailure, EngineException, IOException, InterruptedException {
    Optional<Engine> connected = engine();
    switch (step) {
      case ENGINE -> locate();
      case PLAN -> plan(connected.orElseThrow());
      case LOOK -> {
        return new RunEvent.Sighted(look(connected.orElseThrow()));
      }
      case IMAGE -> obtainImage(connected.orElseThrow());
      case CREATE -> create(connected.orElseThrow());
      case COPY_IN -> copyIn(connected.orElseThrow());
      case START -> {
        return new RunEvent.Sighted(new Sighting.Running(start(connected.orElseThrow())));
      }
      case PAUSE -> shortcomings.ofPausing(connected.orElseThrow().containers().pause(id()));
      case UNPAUSE -> connected.orElseThrow().containers().unpause(id());
      case CONNECT -> {
        connected.orElseThrow().networks().connect(Networks.OUTSIDE, id());
        journal.note(Episode::networkGone);
      }
      case DISCONNECT -> connected.orElseThrow().networks().disconnect(Networks.OUTSIDE, id());
      case SHUTDOWN ->
          new ContainerEnding(context, connected.orElseThrow())
              .shutDown(id(), planned().container());
      case STOP ->
          new ContainerEnding(context, connected.orElseThrow()).stop(id(), planned().container());
      case KILL -> connected.orElseThrow().containers().kill(id());
      case PARK -> parking(connected.orElseThrow()).park(id());
      case COPY_OUT -> {
        return new RunEvent.Collected(collect(connected.orElseThrow()));
      }
      case REMOVE -> remove(connected.orElseThrow());
    }
    return new RunEvent.Done(step);
  }

  private void locate() throws StepFailure, EngineException, InterruptedException {
    Engine found = context.search().engine(journal.get(e -> e.endpoint), context.job().engine());
    engine = found;
    found.tellCalls(context.events()::call);
    context.events().engine(found.facts());
    journal.note(e -> e.endpoint = found.facts().endpoint());
  }

  private void plan(Engine connected) throws StepFailure, IOException {
    HashSet<String> knownOutputs = new HashSet<>(journal.get(e -> e.outputs));
    switch (context.planning().plan(connected.facts(), knownOutputs)) {
      case PlanResult.Planned(JobPlan made) -> {
        plan = made;
        workers =
            made.cluster().isPresent()
                ? Optional.of(new Workers(connected, made, context.log()::say))
                : Optional.empty();
        journal.update(e -> e.outputs = made.written());
        made.secrets().forEach(context.log()::mask);
      }
      case PlanResult.Refused(List<Refusal> refusals) -> throw new StepFailure(refusal(refusals));
    }
  }

  private static Failure refusal(List<Refusal> refusals) {
    String sentences = String.join("; ", refusals.stream().map(Refusal::toString).toList());
    // What no host would run is the job's fault, whatever else is in the way here.
    Refusal.Kind worst =
        refusals.stream().map(Refusal::kind).min(Comparator.naturalOrder()).orElseThrow();
    return switch (worst) {
      case JOB -> new Failure.Job(sentences);
      case CONSENT -> new Failure.Consent(sentences);
      case DEVICE -> new Failure.Device(sentences);
    };
  }

  private Sighting look(Engine connected) throws EngineException {
    ContainerSearch search = new ContainerSearch(context, connected.containers());
    seen = search.look(watchedToTheEnd ? containerId : Optional.empty());
    containerId = seen.map(ContainerSighting::id);
    seen.ifPresent(found -> network.found(found, planned()));
    Sighting sighting = sighting();
    if (workers.isPresent() && !workers.get().follow(sighting, search.workers())) {
      workers.get().removeRest(seen, search.workers());
      seen = Optional.empty();
      containerId = Optional.empty();
      return new Sighting.Absent();
    }
    return sighting;
  }

  private Sighting sighting() {
    return seen.isEmpty()
        ? new Sighting.Absent()
        : SightingRules.read(
            JobNetwork.outside(seen.get(), planned().container()),
            watchedToTheEnd,
            rebooted(),
            journal.get(e -> e.parked),
            journal.get(e -> e.unwatchedDeaths),
            JobNetwork.isLinked(planned().container()));
  }

  private Parking parking(Engine connected) {
    return new Parking(connected, planned(), journal, context.log()::say);
  }

  private boolean rebooted() {
    String then = journal.get(e -> e.bootId);
    return !then.isEmpty() && !then.equals(context.bootId());
  }

  private void obtainImage(Engine connected)
      throws StepFailure, EngineException, IOException, InterruptedException {
    ImageSupply supply =
        new ImageSupply(
            connected.images(),
            context.log(),
            () -> wish.get() == Wishes.Network.ALLOWED,
            this::fetching,
            new ImageMemory(context, connected.facts().endpoint()),
            planned().imageLife(),
            new ImageDisk(connected),
            planned().watch().diskBytes());
    ImageSupply.Supplied supplied =
        supply.obtain(planned().image(), context.job().projectDirectory());
    image = supplied.facts();
    context.events().image(supplied.tag(), supplied.facts().id());
    String architecture = connected.facts().architecture();
    if (planned().image().platform().isEmpty()
        && !supplied.facts().architecture().isEmpty()
        && !supplied.facts().architecture().equals(architecture)) {
      throw new StepFailure(
          new Failure.Job(
              "image %s is made for %s and this host is %s; ship an image for each platform or set image.platform"
                  .formatted(supplied.tag(), supplied.facts().architecture(), architecture)));
    }
    if (planned().keepImage()) {
      journal.update(e -> e.imageTag = "");
    } else if (supplied.ours()) {
      journal.update(e -> e.imageTag = supplied.tag());
    }
  }

  /** Noted before the image is made: an engine may finish a build that we no longer wait for. */
  private void fetching(String tag) throws IOException {
    fetching.run();
    journal.update(e -> e.imageTag = planned().keepImage() ? "" : tag);
  }

  private void create(Engine connected) throws StepFailure, EngineException, IOException {
    ImageFacts from = image();
    prepareFiles();
    ContainerPlan container = network.create(connected, planned());
    if (workers.isPresent()) {
      workers.get().prepare();
    }
    String id = createUnderFreeName(connected, container, from);
    containerId = Optional.of(id);
    seen = Optional.empty();
    if (workers.isPresent()) {
      workers.get().create(container, id, from);
    }
    JobNetwork.connectOutside(connected, planned().container(), id);
  }

  private void prepareFiles() throws IOException {
    for (JobPlan.GeneratedFile file : planned().generated()) {
      Files.writeString(file.path(), file.text());
      Files.setPosixFilePermissions(
          file.path(),
          PosixFilePermissions.fromString(file.executable() ? "rwxr-xr-x" : "rw-r--r--"));
    }
    WorkDirectory.createOutputs(planned().outputs());
    if (planned().work().isPresent()) {
      WorkDirectory.fill(planned().work().get(), context.log()::say);
    }
  }

  /** Somebody else may have the name: another project's result, or another client of this host. */
  private String createUnderFreeName(Engine connected, ContainerPlan container, ImageFacts from)
      throws EngineException, StepFailure {
    JobPlan job = planned();
    try {
      return connected.containers().create(job.containerName().preferred(), container, from);
    } catch (EngineException e) {
      if (e.fault() == Fault.REFUSED && job.container().gpu().isPresent()) {
        throw new StepFailure(noGpu(e));
      }
      if (e.fault() != Fault.CONFLICT) {
        throw e;
      }
      return connected.containers().create(job.containerName().qualified(), container, from);
    }
  }

  private static Failure noGpu(EngineException e) {
    return new Failure.Device(
        "gpu: the engine can't give the GPU to a container (%s); for NVIDIA it needs the driver and the NVIDIA Container Toolkit, or CDI files that name the device"
            .formatted(e.sentence()));
  }

  private void copyIn(Engine connected) throws EngineException, IOException, StepFailure {
    JobPlan job = planned();
    if (job.container().user() instanceof ContainerPlan.RunAs.OfImage
        && !connected.facts().rootless()
        && !job.container().privileges().root()) {
      ImageUser.refuseRoot(connected, id());
    }
    copyIn(connected, id());
    if (workers.isPresent()) {
      for (String worker : workers.get().names()) {
        copyIn(connected, worker);
      }
    }
  }

  private void copyIn(Engine connected, String id) throws EngineException, IOException {
    JobPlan job = planned();
    long uid = 0;
    long gid = 0;
    if (job.container().user() instanceof ContainerPlan.RunAs.Ids(long u, long g)) {
      uid = u;
      gid = g;
      connected.copies().giveDirectories(id, OutputDirectories.of(job), uid, gid);
    }
    connected.copies().copyIn(id, job.copies().in(), uid, gid);
  }

  private Link start(Engine connected)
      throws EngineException, IOException, StepFailure, InterruptedException {
    boolean again = hasExited();
    boolean fromCheckpoint = rebooted() || planned().checkpoint().isPresent();
    journal.update(
        e -> {
          e.cpu =
              CpuAccount.startingAt(
                  fromCheckpoint
                      ? Math.max(e.checkpointCpu, context.job().wuCpuTime())
                      : e.cpu.total());
          e.bootId = context.bootId();
          e.unwatchedDeaths += again && !e.parked ? 1 : 0;
          e.parked = false;
          e.networkGone();
        });
    watchedToTheEnd = false;
    Link link = network.beforeStart(connected, planned(), id(), seen);
    // The engine mounts them again, and the client deletes what it has uploaded.
    WorkDirectory.createOutputs(planned().outputs());
    try {
      connected.containers().start(id(), planned().container().startTimeout());
    } catch (EngineException e) {
      throw switch (e.fault()) {
        case NO_COMMAND -> noCommand(e.sentence());
        case REFUSED, NOT_FOUND -> startFailure(connected, e);
        default -> new StepFailure(Failures.of(e, Step.START));
      };
    }
    seen = Optional.empty();
    network.started();
    shortcomings.ofLimits(connected, id());
    return link;
  }

  /**
   * 126 and 127 are the engine's own codes for a command that can't be run and one that is not
   * there.
   */
  private StepFailure startFailure(Engine connected, EngineException e) throws EngineException {
    ContainerSighting seen = connected.containers().inspect(id());
    if (seen.exitCode() == 127 || seen.exitCode() == 126) {
      return noCommand(seen.error());
    }
    return planned().container().gpu().isPresent()
        ? new StepFailure(noGpu(e))
        : new StepFailure(Failures.of(e, Step.START));
  }

  private static StepFailure noCommand(String engineSays) {
    return new StepFailure(
        new Failure.Job(
            "the container's command can't be run (%s); look at container.command, its interpreter and its executable bit"
                .formatted(engineSays)));
  }

  private Outcome collect(Engine connected)
      throws EngineException, IOException, InterruptedException {
    ContainerSighting ended =
        new ContainerEnding(context, connected)
            .ended(id(), seen.filter(found -> found.state() == ContainerState.EXITED));
    HandedOver handedOver = new HandedOver(journal.get(e -> e.uploads), context.log()::say);
    Outcome outcome =
        new OutputCollector(connected, context.slot(), context.log(), planned(), handedOver)
            .collect(ended.id(), new PayloadExit(ended.exitCode(), ended.oomKilled()));
    network.proxied().ifPresent(bytes -> journal.note(e -> e.transferred(bytes)));
    if (planned().receipt().isPresent()) {
      new Receipt(context.job(), planned(), connected, ended)
          .write(planned().receipt().get(), outcome, journal);
    }
    return outcome;
  }

  private void remove(Engine connected) throws EngineException, IOException, InterruptedException {
    new ContainerEnding(context, connected)
        .remove(containerId, plan(), journal.get(e -> e.imageTag));
    network.remove(connected, plan());
    containerId = Optional.empty();
  }

  private JobPlan planned() {
    JobPlan made = plan;
    if (made == null) {
      throw new IllegalStateException("no plan yet");
    }
    return made;
  }

  private ImageFacts image() {
    if (image == null) {
      throw new IllegalStateException("no image yet");
    }
    return image;
  }

  private boolean hasExited() {
    return seen.filter(found -> found.state() == ContainerState.EXITED).isPresent();
  }

  private String id() {
    return containerId.orElseThrow(() -> new IllegalStateException("no container yet"));
  }
}
