package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.job.ContainerSpec;
import org.boinc.dockerwrapper.job.Dialect;
import org.boinc.dockerwrapper.job.FilesSpec;
import org.boinc.dockerwrapper.job.JobSpec;
import org.boinc.dockerwrapper.job.Origin;

/**
 * Decides what will be created and what is refused: what the job asks for, clamped to what the
 * client granted. Pure: it reads nothing but its argument.
 */
public final class Planner {
  private final PlanRequest request;
  private final JobSpec spec;
  private final List<Refusal> refusals = new ArrayList<>();
  private final Map<String, Origin> origins;

  private Planner(PlanRequest request) {
    this.request = request;
    this.spec = request.spec();
    this.origins = new LinkedHashMap<>(spec.origins());
  }

  /** The plan for one job on this host, or every reason why there is none. */
  public static PlanResult plan(PlanRequest request) {
    return new Planner(request).plan();
  }

  private PlanResult plan() {
    ResourceLimits whole = new ResourcePlanning(request, origins).limits();
    Optional<ImagePlanning.Choice> image =
        new ImagePlanning(request, whole, refusals, origins).choose();
    ResourceLimits limits = whole.share(spec.cluster().nodes());
    SlotFiles files = new SlotFiles(request, refusals);
    FilesPlanning.MountedFiles mounted = new FilesPlanning(request, files).mounted();
    CopyPlan copies = new CopyPlanning(request, files, refusals).copies();
    List<UploadPlan> uploads =
        new UploadPlanning(request, files, mounted.mounts(), copies, refusals).uploads();
    Optional<Path> stdout = slotFile(files, "files.stdout", spec.files().stdout());
    Optional<Path> stderr = slotFile(files, "files.stderr", spec.files().stderr());
    Optional<JobPlan.ReceiptPlan> receipt =
        slotFile(files, "files.receipt", spec.files().receipt())
            .map(path -> new JobPlan.ReceiptPlan(path, request.slot().resolve(request.jobFile())));
    Privileges privileges = new Consent(request, refusals).privileges();
    refuseUnseen(mounted.mounts());
    refuseUnseen(privileges.mounts());
    NetworkPlan network = new NetworkPlanning(request, privileges, refusals, origins).network();
    FixedMounts fixed = new FixedMounts(request, user(), network);
    Optional<GpuAssignment> gpu = new GpuPlanning(request, privileges, refusals, origins).gpu();
    ContainerSpec asked = spec.container();
    Optional<CheckpointPlan> checkpoint = new CheckpointPlanning(request, origins).plan();
    Environment environment = new Environment(request, limits, checkpoint, refusals, 0);
    ContainerPlan single =
        new ContainerPlan(
            user(),
            asked.hostname().isEmpty() ? "boinc-" + request.job().slot() : asked.hostname(),
            environment.expand(asked.entrypoint()),
            environment.expand(asked.command()),
            environment.arguments(),
            workdir(),
            environment.variables(gpu),
            fixed.addTo(
                Stream.concat(mounted.mounts().stream(), privileges.mounts().stream()).toList(),
                limits.memoryBytes()),
            limits,
            network,
            privileges,
            gpu,
            asked.init(),
            asked.readOnlyRoot(),
            asked.stopSignal(),
            asked.stopTimeout(),
            asked.startTimeout(),
            environment.expand(asked.shutdown()),
            labels(asked.labels()),
            Optional.empty());
    Optional<ClusterPlanning> cluster = cluster(single, checkpoint);
    if (!refusals.isEmpty() || image.isEmpty()) {
      return new PlanResult.Refused(List.copyOf(refusals));
    }
    List<JobPlan.GeneratedFile> generated = new ArrayList<>(fixed.generated());
    generated.addAll(mounted.generated());
    cluster.map(ClusterPlanning::hostFile).ifPresent(generated::add);
    ContainerPlan container = cluster.map(ClusterPlanning::master).orElse(single);
    return new PlanResult.Planned(
        new JobPlan(
            Names.container(request.job()),
            container.labels(),
            image.get().image(),
            image.get().life(),
            container,
            mounted.work(),
            copies,
            watch(limits, stdout, stderr),
            checkpoint,
            cluster.map(ClusterPlanning::cluster),
            receipt,
            generated,
            mounted.outputs(),
            written(mounted.outputs(), uploads),
            uploads,
            secrets(environment, image.get().image()),
            spec.verbosity(),
            Map.copyOf(origins)));
  }

  /** Empty for one container: its limits are the job's and nothing is shared out. */
  private Optional<ClusterPlanning> cluster(
      ContainerPlan single, Optional<CheckpointPlan> checkpoint) {
    if (spec.cluster().nodes() == 1) {
      return Optional.empty();
    }
    ClusterPlanning planning = new ClusterPlanning(request, single, checkpoint);
    planning.check(refusals);
    refuseUnseen(planning.master().mounts());
    return Optional.of(planning);
  }

  /** One sentence is enough: what is wrong with one is with all. */
  private void refuseUnseen(List<? extends Mount> mounts) {
    mounts.stream()
        .flatMap(mount -> mount instanceof Mount.Bind bind ? Stream.of(bind) : Stream.empty())
        .map(Mount.Bind::source)
        .filter(source -> request.engine().files().see(source).isEmpty())
        .findFirst()
        .ifPresent(source -> refuseOnce(Refusals.unseen(source, request.engine())));
  }

  /**
   * The wiki's wrapper mounted the slot and left the image's WORKDIR alone; its scripts rely on it.
   */
  private String workdir() {
    String asked = spec.container().workdir();
    return asked.isEmpty() && spec.dialect() != Dialect.WIKI ? spec.files().slot() : asked;
  }

  private ContainerPlan.RunAs user() {
    return switch (spec.container().user()) {
      case ContainerSpec.User.Auto() -> automaticUser();
      case ContainerSpec.User.OfImage() -> new ContainerPlan.RunAs.OfImage();
      case ContainerSpec.User.Ids(long uid, long gid) -> new ContainerPlan.RunAs.Ids(uid, gid);
    };
  }

  /** Rootless, the container's root is the BOINC user on the host; rootful, its own numbers are. */
  private ContainerPlan.RunAs automaticUser() {
    origins.put(
        "container.user",
        new Origin(Origin.Source.ENGINE, request.engine().rootless() ? "rootless" : "rootful"));
    return request.engine().rootless()
        ? new ContainerPlan.RunAs.Ids(0, 0)
        : new ContainerPlan.RunAs.Ids(request.caller().uid(), request.caller().gid());
  }

  private WatchPlan watch(ResourceLimits limits, Optional<Path> stdout, Optional<Path> stderr) {
    var progress = spec.progress();
    SlotOrContainerFile file = SlotOrContainerFile.of(progress.file(), request);
    return new WatchPlan(
        file.onHost(),
        file.inContainer(),
        progress.patterns(),
        progress.source(),
        progress.stallTimeout(),
        spec.resources().timeLimit(),
        limits.diskBytes(),
        stdout,
        stderr);
  }

  private static Optional<Path> slotFile(SlotFiles files, String key, String name) {
    return name.isEmpty() ? Optional.empty() : files.writable(key, name);
  }

  /** By logical name: their files may be there when this job is planned another time. */
  private List<String> written(List<JobPlan.OutputLink> mounted, List<UploadPlan> uploads) {
    FilesSpec asked = spec.files();
    return Stream.of(
            mounted.stream().map(JobPlan.OutputLink::logicalName),
            uploads.stream()
                .flatMap(upload -> upload.outputs().stream())
                .map(UploadPlan.Output::logicalName),
            asked.out().stream().map(FilesSpec.CopyOut::dst),
            Stream.of(asked.stdout(), asked.stderr(), asked.receipt())
                .filter(name -> !name.isEmpty()))
        .flatMap(names -> names)
        .distinct()
        .toList();
  }

  private static List<String> secrets(Environment environment, ImagePlan image) {
    Optional<RegistryLogin> login =
        switch (image) {
          case ImagePlan.Build build -> build.login();
          case ImagePlan.Pull pull -> pull.login();
          case ImagePlan.Load _ -> Optional.empty();
        };
    return Stream.concat(
            environment.secrets().stream(), login.stream().map(RegistryLogin::password))
        .toList();
  }

  private Map<String, String> labels(Map<String, String> asked) {
    Map<String, String> labels = new LinkedHashMap<>(asked);
    labels.put(Labels.PROJECT, Names.project(request.job()));
    labels.put(Labels.RESULT, request.job().resultName());
    labels.put(Labels.WORKUNIT, request.job().workunitName());
    labels.put(Labels.SLOT, request.slot().slot().toString());
    labels.put(Labels.CLIENT, request.job().dataDirectory().toString());
    labels.put(Labels.WRAPPER, request.wrapperVersion());
    return labels;
  }

  private void refuseOnce(Refusal refusal) {
    if (!refusals.contains(refusal)) {
      refusals.add(refusal);
    }
  }
}
