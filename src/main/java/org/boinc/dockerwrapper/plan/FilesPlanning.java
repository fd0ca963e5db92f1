package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.boinc.SlotListing;
import org.boinc.dockerwrapper.boinc.SlotListing.TargetState;
import org.boinc.dockerwrapper.job.FilesSpec;
import org.boinc.dockerwrapper.job.FilesSpec.Links;
import org.boinc.dockerwrapper.job.JobSpec;

/** What a mounted slot and project directory look like from inside the container. */
final class FilesPlanning {
  /** What of the host the container sees. */
  record MountedFiles(
      Optional<WorkPlan> work,
      List<Mount> mounts,
      List<JobPlan.OutputLink> outputs,
      List<JobPlan.GeneratedFile> generated) {}

  private final PlanRequest request;
  private final FilesSpec asked;
  private final SlotFiles files;
  private final Links links;
  private final List<Mount> mounts = new ArrayList<>();
  private final List<WorkPlan.Placement> placements = new ArrayList<>();
  private final List<JobPlan.OutputLink> outputs = new ArrayList<>();
  private final List<JobPlan.GeneratedFile> generated = new ArrayList<>();

  FilesPlanning(PlanRequest request, SlotFiles files) {
    this.request = request;
    this.asked = request.spec().files();
    this.files = files;
    this.links = asked.links() == Links.AUTO ? Links.BIND : asked.links();
  }

  static Path workDirectory(PlanRequest request) {
    return request.slot().slot().resolve(Slot.WORK_DIRECTORY);
  }

  MountedFiles mounted() {
    boolean slotMounted = !asked.slot().isEmpty();
    if (slotMounted) {
      mounts.add(new Mount.Bind(workDirectory(request), asked.slot(), false));
      request.slot().entries().values().forEach(this::place);
    }
    mountProject(projectMount());
    asked.mounts().forEach(this::mountExtra);
    if (slotMounted && links == Links.SCRIPT) {
      addResolver();
    }
    if (slotMounted) {
      makeMountPoints();
    }
    return new MountedFiles(
        slotMounted
            ? Optional.of(new WorkPlan(workDirectory(request), placements))
            : Optional.empty(),
        mounts,
        outputs,
        generated);
  }

  /**
   * A mount point that the engine makes inside the slot belongs to root, and the client can't move
   * it away.
   */
  private void makeMountPoints() {
    Set<String> placed = new HashSet<>();
    placements.forEach(placement -> placed.add(placement.name()));
    for (Mount mount : mounts) {
      if (mount.target().startsWith(asked.slot() + "/")) {
        String name = mount.target().substring(asked.slot().length() + 1);
        boolean directory = mount.target().equals(asked.project());
        boolean inProject =
            !asked.project().isEmpty() && mount.target().startsWith(asked.project() + "/");
        if (!inProject && placed.add(name)) {
          placements.add(new WorkPlan.Placement.Placeholder(name, directory));
        }
      }
    }
  }

  private void place(SlotListing.Entry entry) {
    if (asked.hides(entry.name()) || request.spec().image().files().contains(entry.name())) {
      return;
    }
    switch (entry) {
      case SlotListing.Directory directory ->
          placements.add(new WorkPlan.Placement.Placeholder(directory.name(), true));
      case SlotListing.RegularFile file -> placeFile(file);
      case SlotListing.Link link -> placeLink(link);
    }
  }

  private void placeFile(SlotListing.RegularFile file) {
    if (wrapperInputs().contains(file.name())) {
      showReadOnly(file.name(), file.path(), false);
    } else if (!file.path().startsWith(workDirectory(request))) {
      placements.add(new WorkPlan.Placement.Move(file.name(), file.path()));
    }
  }

  private void placeLink(SlotListing.Link link) {
    if (files.isOutput(link)) {
      outputs.add(new JobPlan.OutputLink(link.name(), link.target()));
    }
    if (links != Links.BIND) {
      placements.add(new WorkPlan.Placement.CopyLink(link.name(), link.path()));
      return;
    }
    if (files.isOutput(link)) {
      placements.add(new WorkPlan.Placement.Placeholder(link.name(), false));
      mounts.add(new Mount.Bind(link.target(), inSlot(link.name()), false));
      return;
    }
    files
        .readable("files.links", link.name())
        .ifPresent(
            target -> showReadOnly(link.name(), target, link.state() == TargetState.DIRECTORY));
  }

  private void showReadOnly(String name, Path source, boolean directory) {
    placements.add(new WorkPlan.Placement.Placeholder(name, directory));
    mounts.add(new Mount.Bind(source, inSlot(name), true));
  }

  private String inSlot(String name) {
    return asked.slot() + "/" + name;
  }

  /**
   * What the wrapper itself reads stays out of the job's reach: a job can't rewrite its own
   * job.toml.
   */
  private Set<String> wrapperInputs() {
    JobSpec spec = request.spec();
    Set<String> names = new HashSet<>(spec.container().envFiles());
    names.add(request.jobFile());
    names.add(spec.image().dockerfile());
    return names;
  }

  private String projectMount() {
    boolean needed = links == Links.SCRIPT && !asked.slot().isEmpty() && asked.project().isEmpty();
    return needed ? "/boinc/project" : asked.project();
  }

  /**
   * The project directory holds every app version's executables, which the client runs on the host
   * without a further check: so the mount is read-only, and where writing is asked for, only this
   * job's own outputs can be written.
   */
  private void mountProject(String target) {
    if (target.isEmpty()) {
      return;
    }
    mounts.add(new Mount.Bind(request.slot().projectDirectory(), target, true));
    hideInProject(target);
    if (asked.slot().isEmpty()) {
      collectOutputLinks();
    }
    if (asked.projectAccess() == FilesSpec.ProjectAccess.READ_WRITE || links == Links.SCRIPT) {
      for (JobPlan.OutputLink output : outputs) {
        mounts.add(
            new Mount.Bind(output.path(), target + "/" + output.path().getFileName(), false));
      }
    }
  }

  /** A hidden file may be a link into the project directory, where the mount would show it. */
  private void hideInProject(String target) {
    Path project = request.slot().projectDirectory();
    Path empty = request.slot().slot().resolve("docker_wrapper_hidden");
    boolean any = false;
    for (SlotListing.Entry entry : request.slot().entries().values()) {
      if (asked.hides(entry.name())
          && entry instanceof SlotListing.Link link
          && link.state() == TargetState.FILE
          && link.target().startsWith(project)) {
        mounts.add(new Mount.Bind(empty, target + "/" + project.relativize(link.target()), true));
        any = true;
      }
    }
    if (any) {
      generated.add(new JobPlan.GeneratedFile(empty, "", false));
    }
  }

  private void collectOutputLinks() {
    for (SlotListing.Entry entry : request.slot().entries().values()) {
      if (entry instanceof SlotListing.Link link && files.isOutput(link)) {
        outputs.add(new JobPlan.OutputLink(link.name(), link.target()));
      }
    }
  }

  private void mountExtra(FilesSpec.ExtraMount mount) {
    String name = mount.source();
    if (files.refuseHidden("mount", name)) {
      return;
    }
    Path work = workDirectory(request);
    Optional<SlotListing.Entry> entry = request.slot().find(name);
    if (entry.isPresent()
        && entry.get().path().startsWith(request.slot().slot())
        && !(entry.get() instanceof SlotListing.Link)
        && !asked.slot().isEmpty()) {
      // It moves into the work directory before the container is created.
      mounts.add(new Mount.Bind(work.resolve(name), mount.at(), mount.readOnly()));
      return;
    }
    // What else a link leads to is the app version's or an input: nothing for a job to write to.
    boolean output =
        entry.isPresent() && entry.get() instanceof SlotListing.Link link && files.isOutput(link);
    files
        .readable("mount", name)
        .ifPresent(
            source ->
                mounts.add(
                    new Mount.Bind(
                        source, mount.at(), mount.readOnly() || (!output && isLink(entry)))));
  }

  private static boolean isLink(Optional<SlotListing.Entry> entry) {
    return entry.isPresent() && entry.get() instanceof SlotListing.Link;
  }

  private void addResolver() {
    Path script = request.slot().slot().resolve("docker_wrapper_resolve");
    mounts.add(new Mount.Bind(script, "/boinc/resolve", true));
    generated.add(new JobPlan.GeneratedFile(script, ResolverScript.text(projectMount()), true));
  }
}
