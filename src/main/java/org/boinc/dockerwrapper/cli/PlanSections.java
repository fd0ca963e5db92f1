package org.boinc.dockerwrapper.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.job.ByteSize;
import org.boinc.dockerwrapper.job.Origin;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.CopyPlan;
import org.boinc.dockerwrapper.plan.GpuAssignment;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.plan.Mount;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.boinc.dockerwrapper.plan.PlanRequest;
import org.boinc.dockerwrapper.plan.ResourceLimits;
import org.boinc.dockerwrapper.plan.WatchPlan;
import org.boinc.dockerwrapper.plan.WorkPlan;

/** Everything that a plan holds, value by value. */
final class PlanSections {
  private final PlanRequest request;
  private final JobPlan plan;
  private final ContainerPlan container;
  private final PlanOrigins origins;

  PlanSections(PlanRequest request, JobPlan plan) {
    this.request = request;
    this.plan = plan;
    this.container = plan.container();
    this.origins = new PlanOrigins(request, plan);
  }

  List<PlanSection> all() {
    return List.of(
        new ImageSection(plan, origins).section(),
        container(),
        environment(),
        mounts(),
        slotFiles(),
        copiesIn(),
        copiesOut(),
        new UploadsSection(plan, origins).section(),
        resources(),
        network(),
        progress(),
        new CheckpointSection(plan, origins).section(),
        new ClusterSection(plan, origins).section(),
        labels(),
        new SecuritySection(container.privileges(), origins).section());
  }

  private PlanSection container() {
    PlanSection section = new PlanSection("container");
    section.add("name", plan.containerName().preferred(), PlanOrigins.client("result_name"));
    switch (container.user()) {
      case ContainerPlan.RunAs.Ids(long uid, long gid) ->
          section.add("user", uid + ":" + gid, origins.of("container.user"));
      case ContainerPlan.RunAs.OfImage() ->
          section.add("user", "image", "the image's USER", origins.of("container.user"));
    }
    words(section, "entrypoint", container.entrypoint(), "the image's ENTRYPOINT");
    section.add(
        "command",
        container.command(),
        container.command().isEmpty() ? "the image's CMD" : ShellLine.of(container.command()),
        origins.of("cluster.master", "container.command"));
    if (!container.args().isEmpty()) {
      Origin arguments =
          request.spec().container().args().isEmpty()
              ? PlanOrigins.client("command line of the workunit")
              : origins.of("container.args");
      section.add("args", container.args(), ShellLine.of(container.args()), arguments);
    }
    if (container.workdir().isEmpty()) {
      section.add("workdir", "", "the image's WORKDIR", origins.of("container.workdir"));
    } else {
      Origin from = origins.of("container.workdir", "files.slot");
      section.add("workdir", container.workdir(), from);
    }
    if (!container.shutdown().isEmpty()) {
      words(section, "shutdown", container.shutdown(), "");
    }
    return section
        .add("hostname", container.hostname(), origins.of("container.hostname"))
        .add("init", container.init(), origins.of("container.init"))
        .add("read_only", container.readOnlyRoot(), origins.of("container.read_only_root"))
        .add("stop_signal", container.stopSignal(), origins.of("container.stop_signal"))
        .addSeconds("stop_timeout", container.stopTimeout(), origins.of("container.stop_timeout"))
        .addSeconds(
            "start_timeout", container.startTimeout(), origins.of("container.start_timeout"));
  }

  private void words(PlanSection section, String key, List<String> words, String ofImage) {
    String shown = words.isEmpty() ? ofImage : ShellLine.of(words);
    section.add(key, words, shown, origins.of("container." + key));
  }

  private PlanSection environment() {
    PlanSection section = new PlanSection("environment");
    container.env().forEach((name, value) -> section.add(name, value, origins.ofVariable(name)));
    return section;
  }

  private PlanSection mounts() {
    PlanSection section = new PlanSection("mounts");
    for (Mount mount : container.mounts()) {
      Map<String, Object> value = new LinkedHashMap<>();
      String shown =
          switch (mount) {
            case Mount.Bind bind -> {
              value.put("type", "bind");
              value.put("source", bind.source().toString());
              value.put("access", bind.readOnly() ? "ro" : "rw");
              yield (bind.readOnly() ? "ro " : "rw ") + bind.source();
            }
            case Mount.Tmpfs tmpfs -> {
              value.put("type", "tmpfs");
              value.put("bytes", tmpfs.size().bytes());
              yield "rw memory, " + tmpfs.size();
            }
          };
      section.add(mount.target(), value, shown, origins.ofMount(mount));
    }
    return section;
  }

  /** What the mounts alone don't tell: what moves in, and which links stay links. */
  private PlanSection slotFiles() {
    PlanSection section = new PlanSection("slot files");
    List<WorkPlan.Placement> placements = plan.work().map(WorkPlan::placements).orElse(List.of());
    for (WorkPlan.Placement placement : placements) {
      switch (placement) {
        case WorkPlan.Placement.Move move ->
            section.add(move.name(), "move", "moved in and back", origins.of("files.slot"));
        case WorkPlan.Placement.CopyLink link ->
            section.add(link.name(), "link", "stays a link", origins.of("files.links"));
        case WorkPlan.Placement.Placeholder _ -> {}
      }
    }
    return section;
  }

  private PlanSection copiesIn() {
    PlanSection section = new PlanSection("copies in");
    for (CopyPlan.In in : plan.copies().in()) {
      section.add(
          in.target(), in.source().toString(), "from " + in.source(), origins.of("files.in"));
    }
    return section;
  }

  private PlanSection copiesOut() {
    PlanSection section = new PlanSection("copies out");
    for (CopyPlan.Out out : plan.copies().out()) {
      Map<String, Object> value = new LinkedHashMap<>();
      value.put("name", out.logicalName());
      value.put("destination", out.destination().toString());
      value.put("required", out.required());
      value.put("always", out.always());
      value.put("archive", out.archive());
      value.put("exclude", out.exclude());
      String shown =
          "to "
              + out.destination()
              + (out.required() ? "" : ", may be missing")
              + (out.always() ? ", also after a failure" : "")
              + (out.archive().isEmpty() ? "" : ", as " + out.archive())
              + (out.exclude().isEmpty() ? "" : ", without " + String.join(" ", out.exclude()));
      section.add(out.source(), value, shown, origins.of("files.out"));
    }
    return section;
  }

  private PlanSection resources() {
    ResourceLimits limits = container.limits();
    PlanSection section = new PlanSection("resources");
    section.add("cpus", limits.cpus(), origins.of("resources.cpus"));
    limits
        .throttle()
        .ifPresent(
            throttle ->
                section.add(
                    "throttle",
                    throttle.usage(),
                    "smooth: %s cores at most".formatted(limits.quota()),
                    PlanOrigins.client("cpu_usage_limit")));
    bytes(section, "memory", limits.memoryBytes());
    bytes(section, "swap", limits.swapBytes());
    bytes(section, "shm", limits.shmBytes());
    bytes(section, "disk", limits.diskBytes());
    section.add("pids", limits.pids(), origins.of("resources.pids"));
    if (!limits.ulimits().isEmpty()) {
      section.add("ulimits", limits.ulimits(), origins.of("resources.ulimits"));
    }
    section.addSeconds("time_limit", plan.watch().timeLimit(), origins.of("resources.time_limit"));
    section.add("cpu_shares", limits.cpuShares(), PlanOrigins.client("no_priority_change"));
    container.gpu().ifPresent(gpu -> gpu(gpu, section));
    return section;
  }

  private void gpu(GpuAssignment gpu, PlanSection section) {
    switch (gpu) {
      case GpuAssignment.ByToolkit(List<String> ids, List<String> capabilities) -> {
        section.add(
            "gpu devices",
            ids,
            ids.isEmpty() ? "all" : String.join(" ", ids),
            origins.of("gpu.device"));
        section.add("gpu capabilities", capabilities, origins.of("gpu.capabilities"));
      }
      case GpuAssignment.ByCdi(List<String> names) ->
          section.add("gpu devices", names, origins.of("gpu.device"));
      case GpuAssignment.ByNodes(List<Path> nodes, List<Long> _) ->
          section.add(
              "gpu devices", nodes.stream().map(Path::toString).toList(), origins.of("gpu.device"));
    }
  }

  private void bytes(PlanSection section, String key, long bytes) {
    String shown =
        bytes == 0 ? "none" : String.format(Locale.ROOT, "%,d bytes (%s)", bytes, rough(bytes));
    section.add(key, bytes, shown, origins.of("resources." + key));
  }

  private static String rough(long bytes) {
    ByteSize size = new ByteSize(bytes);
    return size.toString().length() <= 5
        ? size.toString()
        : String.format(Locale.ROOT, "about %dm", Math.round(bytes / (double) (1 << 20)));
  }

  private PlanSection network() {
    NetworkPlan network = container.network();
    PlanSection section = new PlanSection("network");
    boolean host = container.privileges().hostNetwork();
    section.add(
        "mode",
        host ? "host" : network.nat() ? "nat" : network.own().isPresent() ? "private" : "none",
        origins.of(host ? "security.host_network" : "network.mode"));
    network
        .own()
        .filter(own -> !own.allow().isEmpty())
        .ifPresent(own -> section.add("allow", own.allow(), origins.of("network.allow")));
    for (NetworkPlan.PublishedPort port : network.ports()) {
      section.add(
          "port " + port.container() + "/" + port.protocol(),
          port.host(),
          port.address() + ":" + (port.host() == 0 ? "a free port" : port.host()),
          port.container() == network.graphicsPort()
              ? origins.of("network.graphics_port")
              : origins.of("network.ports"));
    }
    network
        .hosts()
        .forEach((name, at) -> section.add("host " + name, at, origins.of("network.hosts")));
    if (!network.dns().isEmpty()) {
      section.add("dns", network.dns(), origins.of("network.dns"));
    }
    return section;
  }

  private PlanSection progress() {
    WatchPlan watch = plan.watch();
    PlanSection section = new PlanSection("progress");
    Optional<String> file =
        watch
            .progressFile()
            .map(Object::toString)
            .or(() -> watch.progressPath().map(container::absolute));
    section.add("file", file.orElse(""), file.orElse("none"), origins.of("progress.file"));
    List<String> patterns = watch.patterns().stream().map(Pattern::pattern).toList();
    if (!patterns.isEmpty()) {
      section.add(
          "patterns", patterns, String.join("   ", patterns), origins.of("progress.patterns"));
      String source = watch.source().name().toLowerCase(Locale.ROOT);
      section.add("source", source, origins.of("progress.source"));
    }
    if (watch.stallTimeout().isPositive()) {
      section.addSeconds(
          "stall_timeout", watch.stallTimeout(), origins.of("progress.stall_timeout"));
    }
    watch
        .stdout()
        .ifPresent(to -> section.add("stdout", to.toString(), origins.of("files.stdout")));
    watch
        .stderr()
        .ifPresent(to -> section.add("stderr", to.toString(), origins.of("files.stderr")));
    plan.receipt()
        .ifPresent(to -> section.add("receipt", to.path().toString(), origins.of("files.receipt")));
    return section;
  }

  private PlanSection labels() {
    PlanSection section = new PlanSection("labels");
    container
        .labels()
        .forEach(
            (name, value) ->
                section.add(
                    name,
                    value,
                    switch (name) {
                      case Labels.PROJECT -> PlanOrigins.client("project_dir");
                      case Labels.RESULT -> PlanOrigins.client("result_name");
                      case Labels.WORKUNIT -> PlanOrigins.client("wu_name");
                      case Labels.CLIENT -> PlanOrigins.client("boinc_dir");
                      case Labels.SLOT, Labels.WRAPPER -> PlanOrigins.ALWAYS;
                      default -> origins.of("container.labels");
                    }));
    return section;
  }
}
