package org.boinc.dockerwrapper.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.job.JobSpec;
import org.boinc.dockerwrapper.job.Origin;
import org.boinc.dockerwrapper.job.Origin.Source;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.Mount;
import org.boinc.dockerwrapper.plan.PlanRequest;
import org.boinc.dockerwrapper.plan.Refusal;

/** Who set what: for what the job.toml names its line, for what is made of it the reason. */
final class PlanOrigins {
  static final Origin ALWAYS = new Origin(Source.WRAPPER, "always");

  private static final Pattern PLACE = Pattern.compile("(.+):([0-9]+) .*");

  private final PlanRequest request;
  private final Map<String, Origin> known;

  PlanOrigins(PlanRequest request, JobPlan plan) {
    this.request = request;
    this.known = plan.origins();
  }

  Origin of(String key) {
    return known.getOrDefault(key, Origin.BUILT_IN);
  }

  /** The first key that somebody set; else what the last has. */
  Origin of(String key, String otherwise) {
    return known.containsKey(key) ? of(key) : of(otherwise);
  }

  static Origin wrapper(String why) {
    return new Origin(Source.WRAPPER, why);
  }

  static Origin client(String what) {
    return new Origin(Source.CLIENT, what);
  }

  Origin ofMount(Mount mount) {
    return switch (mount) {
      case Mount.Tmpfs _ -> of("resources.tmp");
      case Mount.Bind(Path source, String target, boolean readOnly) ->
          ofBind(source, target, readOnly);
    };
  }

  private Origin ofBind(Path source, String target, boolean readOnly) {
    JobSpec spec = request.spec();
    String name = String.valueOf(source.getFileName());
    if (name.equals(Slot.WORK_DIRECTORY)) {
      return of("files.slot");
    }
    if (name.equals("docker_wrapper_passwd") || name.equals("docker_wrapper_group")) {
      return of("container.add_user");
    }
    if (spec.security().hostMounts().stream().anyMatch(mount -> mount.at().equals(target))) {
      return of("security.host_mounts");
    }
    if (spec.files().mounts().stream().anyMatch(extra -> extra.at().equals(target))) {
      return of("files.mounts");
    }
    if (target.startsWith(spec.files().project() + "/") && !spec.files().project().isEmpty()) {
      return of("files.project_access");
    }
    if (source.equals(request.slot().projectDirectory())) {
      return of("files.project", "files.links");
    }
    boolean ofSlot = !spec.files().slot().isEmpty() && target.startsWith(spec.files().slot() + "/");
    boolean link = ofSlot && source.startsWith(request.slot().projectDirectory());
    return readOnly && ofSlot && !link
        ? wrapper("a job can't rewrite what it is made of")
        : of("files.links");
  }

  /** The job's own setting wins, as it does in the container. */
  Origin ofVariable(String name) {
    JobSpec spec = request.spec();
    if (spec.container().env().containsKey(name)) {
      return of("container.env");
    }
    if (spec.container().envFiles().stream()
        .anyMatch(file -> sets(request.texts().getOrDefault(file, ""), name))) {
      return of("container.env_files");
    }
    if (name.startsWith("BOINC_CUSTOM_")) {
      return of("custom");
    }
    return switch (name) {
      case "HOME" -> of("container.add_user");
      case "BOINC_NCPUS" -> of("resources.cpus");
      case "BOINC_MEMORY_BYTES" -> of("resources.memory");
      case "BOINC_WU" -> client("wu_name");
      case "BOINC_RESULT" -> client("result_name");
      case "BOINC_APP" -> client("app_name");
      case "BOINC_SLOT" -> client("slot");
      case "BOINC_NODE", "BOINC_NODES" -> of("cluster.nodes");
      default ->
          name.endsWith("_proxy") || name.endsWith("_PROXY")
              ? client("proxy_info")
              : client("command line of the workunit");
    };
  }

  private static boolean sets(String text, String name) {
    return text.lines().anyMatch(line -> line.strip().startsWith(name + "="));
  }

  /** A refusal at its place in the job.toml, where it has one. */
  static Problem problem(Refusal refusal, JobSpec spec, String jobFile) {
    String key = refusal.key();
    Origin origin = spec.origin(spec.origins().containsKey(key) ? key : key + ".enabled");
    Matcher place = PLACE.matcher(origin.detail());
    boolean placed = place.matches();
    return new Problem(
        refusal.kind() == Refusal.Kind.CONSENT ? Problem.Severity.WARNING : Problem.Severity.ERROR,
        placed ? place.group(1) : jobFile,
        placed ? Integer.parseInt(place.group(2)) : 0,
        key,
        refusal.sentence());
  }
}
