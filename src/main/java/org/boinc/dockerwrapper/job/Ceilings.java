package org.boinc.dockerwrapper.job;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What a template of the app version sets is the most that a job.toml may have which comes with a
 * workunit: the project has signed the one and not the other. Lowering is silent to the job and
 * told in one warning for each key; what the template leaves open stays open.
 *
 * <p>Of {@code [security]} nothing is lowered, as a job without what it asks for would only fail
 * later: there, what the template asks for as well counts as the template's, and the rest as
 * unsigned.
 */
final class Ceilings {
  private final JobSpec job;
  private final JobSpec template;
  private final Map<String, Setting> set;
  private final Map<String, Setting> merged;
  private final Consumer<Problem> problems;
  private final Map<String, Origin> origins;

  private Ceilings(
      JobSpec job,
      JobSpec template,
      Map<String, Setting> set,
      Map<String, Setting> merged,
      Consumer<Problem> problems) {
    this.job = job;
    this.template = template;
    this.set = set;
    this.merged = merged;
    this.problems = problems;
    this.origins = new LinkedHashMap<>(job.origins());
  }

  /**
   * The job as it may be.
   *
   * @param template what the templates say without the job
   * @param set the keys that the templates set
   * @param merged all keys, for the places of warnings
   */
  static JobSpec lower(
      JobSpec job,
      JobSpec template,
      Map<String, Setting> set,
      Map<String, Setting> merged,
      Consumer<Problem> problems) {
    return new Ceilings(job, template, set, merged, problems).lowered();
  }

  private JobSpec lowered() {
    ResourceSpec resources = resources(job.resources(), template.resources());
    GpuSpec gpu = gpu(job.gpu(), template.gpu());
    NetworkSpec network = network(job.network(), template.network());
    security(job.security(), template.security());
    return new JobSpec(
        job.dialect(),
        job.verbosity(),
        job.custom(),
        job.image(),
        job.container(),
        job.files(),
        resources,
        gpu,
        network,
        job.progress(),
        job.checkpoint(),
        job.security(),
        job.cluster(),
        java.util.Collections.unmodifiableMap(origins));
  }

  private ResourceSpec resources(ResourceSpec asked, ResourceSpec most) {
    return new ResourceSpec(
        least("cpus", asked.cpus(), most.cpus()),
        least("memory", asked.memory(), most.memory()),
        keep("resources.swap", asked.swap(), swap -> min(swap, most.swap())),
        keep("resources.shm", asked.shm(), shm -> min(shm, most.shm())),
        keep("resources.tmp", asked.tmp(), tmp -> min(tmp, most.tmp())),
        least("disk", asked.disk(), most.disk()),
        keep("resources.pids", asked.pids(), pids -> min(pids, most.pids())),
        keep("resources.ulimits", asked.ulimits(), limits -> ulimits(limits, most.ulimits())),
        keep("resources.time_limit", asked.timeLimit(), limit -> sooner(limit, most.timeLimit())),
        keep(
            "resources.throttle",
            asked.throttle(),
            throttle -> throttle == ResourceSpec.Throttle.SMOOTH ? throttle : most.throttle()));
  }

  /** Empty is all that the client grants, so any number is less. */
  private <T extends Comparable<T>> Optional<T> least(
      String name, Optional<T> asked, Optional<T> most) {
    return keep(
        "resources." + name,
        asked,
        value ->
            value.isEmpty() || most.isEmpty()
                ? value.or(() -> most)
                : Optional.of(min(value.get(), most.get())));
  }

  private static <T extends Comparable<T>> T min(T one, T other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Map<String, Long> ulimits(Map<String, Long> asked, Map<String, Long> most) {
    Map<String, Long> limits = new LinkedHashMap<>();
    asked.forEach(
        (name, value) -> limits.put(name, Math.min(value, most.getOrDefault(name, value))));
    return limits;
  }

  /** Zero is no limit. */
  private static Duration sooner(Duration asked, Duration most) {
    return asked.isZero() || (!most.isZero() && asked.compareTo(most) > 0) ? most : asked;
  }

  private GpuSpec gpu(GpuSpec asked, GpuSpec most) {
    return new GpuSpec(
        keep("gpu.enabled", asked.enabled(), wanted -> wanted && most.enabled()),
        keep("gpu.vendor", asked.vendor(), _ -> most.vendor()),
        keep("gpu.count", asked.count(), count -> Math.min(count, most.count())),
        keep("gpu.capabilities", asked.capabilities(), some -> both(some, most.capabilities())));
  }

  private NetworkSpec network(NetworkSpec asked, NetworkSpec most) {
    return new NetworkSpec(
        keep("network.mode", asked.mode(), mode -> narrower(mode, most.mode())),
        keep("network.ports", asked.ports(), ports -> both(ports, most.ports())),
        keep(
            "network.graphics_port",
            asked.graphicsPort(),
            port -> port == most.graphicsPort() ? port : 0),
        keep("network.hosts", asked.hosts(), _ -> most.hosts()),
        keep("network.hosts_files", asked.hostsFiles(), files -> both(files, most.hostsFiles())),
        keep("network.dns", asked.dns(), servers -> both(servers, most.dns())),
        keep("network.proxy", asked.proxy(), proxy -> proxy && most.proxy()),
        keep("network.allow", asked.allow(), hosts -> reachable(hosts, most.allow())));
  }

  private static NetworkSpec.Mode narrower(NetworkSpec.Mode asked, NetworkSpec.Mode most) {
    return most == NetworkSpec.Mode.NAT || asked == NetworkSpec.Mode.NONE ? asked : most;
  }

  /** Empty is any host. */
  private static List<String> reachable(List<String> asked, List<String> most) {
    if (most.isEmpty()) {
      return asked;
    }
    List<String> hosts = both(asked, most);
    return hosts.isEmpty() ? most : hosts;
  }

  private static <T> List<T> both(List<T> asked, List<T> most) {
    return asked.stream().filter(most::contains).toList();
  }

  private <T> T keep(String key, T asked, UnaryOperator<T> lower) {
    if (!set.containsKey(key)) {
      return asked;
    }
    T allowed = lower.apply(asked);
    if (!allowed.equals(asked)) {
      origins.put(key, template.origin(key));
      problems.accept(
          JobProblems.warning(
              merged.getOrDefault(key, set.get(key)),
              "asks for more than the app version's template (%s), and comes with a workunit: the template's value holds"
                  .formatted(template.origin(key).detail())));
    }
    return allowed;
  }

  private void security(SecurityRequest asked, SecurityRequest most) {
    ofTemplate("caps", most.caps().containsAll(asked.caps()));
    ofTemplate("devices", most.devices().containsAll(asked.devices()));
    ofTemplate(
        "host_mounts",
        new HashSet<>(most.hostMounts()).containsAll(Set.copyOf(asked.hostMounts())));
    ofTemplate("host_network", most.hostNetwork() || !asked.hostNetwork());
    ofTemplate("host_ipc", most.hostIpc() || !asked.hostIpc());
    ofTemplate("public_ports", most.publicPorts() || !asked.publicPorts());
    ofTemplate("all_gpus", most.allGpus() || !asked.allGpus());
    ofTemplate("root", most.root() || !asked.root());
  }

  private void ofTemplate(String name, boolean within) {
    String key = "security." + name;
    if (within && set.containsKey(key)) {
      origins.put(key, template.origin(key));
    }
  }
}
