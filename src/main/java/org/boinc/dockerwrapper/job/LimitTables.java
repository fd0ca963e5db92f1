package org.boinc.dockerwrapper.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads the tables that say with what and how watched it runs: resources to cluster. */
final class LimitTables {
  private static final int MOST_COMMAND_BYTES = 256 << 10;
  private static final int MOST_PATTERNS = 16;
  private static final int LONGEST_PATTERN = 256;
  private static final int MOST_PORTS = 16;
  private static final int LARGEST_PORT = 65_535;
  private static final int FIRST_FREE_PORT = 1024;
  private static final Duration YEAR = Duration.ofDays(366);

  private final Settings settings;
  private final boolean strict;

  LimitTables(Settings settings, boolean strict) {
    this.settings = settings;
    this.strict = strict;
  }

  ResourceSpec resources() {
    ResourceSpec resources =
        new ResourceSpec(
            settings.decimalOrAuto("resources.cpus", 0.01, 4096),
            positive("resources.memory", settings.sizeOrAuto("resources.memory")),
            settings.size("resources.swap", "0"),
            settings.size("resources.shm", "64m"),
            settings.size("resources.tmp", "64m"),
            positive("resources.disk", settings.sizeOrAuto("resources.disk")),
            settings.number("resources.pids", 1024, 1, 4_194_304),
            settings.numbers("resources.ulimits", 16, Rules.ULIMIT, Long.MAX_VALUE),
            settings.duration("resources.time_limit", Duration.ZERO, Duration.ZERO, YEAR),
            settings.choice(
                "resources.throttle",
                ResourceSpec.Throttle.CLIENT,
                Words.of(ResourceSpec.Throttle.values())));
    positive("resources.shm", Optional.of(resources.shm()));
    positive("resources.tmp", Optional.of(resources.tmp()));
    checkParts(resources);
    return resources;
  }

  private void checkParts(ResourceSpec resources) {
    long sum =
        Math.min(resources.shm().bytes(), Long.MAX_VALUE / 2)
            + Math.min(resources.tmp().bytes(), Long.MAX_VALUE / 2);
    Optional<Setting> at = settings.setting("resources.memory");
    if (at.isPresent()
        && resources.memory().isPresent()
        && sum > resources.memory().get().bytes()) {
      settings.report(
          JobProblems.memoryTooSmall(at.get(), new ByteSize(sum), resources.memory().get()));
    }
  }

  private Optional<ByteSize> positive(String key, Optional<ByteSize> size) {
    Optional<Setting> at = settings.setting(key);
    if (at.isPresent() && size.isPresent() && size.get().bytes() == 0) {
      settings.report(JobProblems.notPositive(at.get()));
    }
    return size;
  }

  GpuSpec gpu() {
    return new GpuSpec(
        settings.flag("gpu.enabled", false),
        settings.choice("gpu.vendor", GpuSpec.Vendor.AUTO, Words.of(GpuSpec.Vendor.values())),
        settings.number("gpu.count", 1, 1, 64),
        settings.strings(
            "gpu.capabilities", List.of("compute", "utility"), 16, Rules.GPU_CAPABILITY));
  }

  NetworkSpec network(Dialect dialect) {
    return new NetworkSpec(
        settings.choice(
            "network.mode",
            dialect == Dialect.SCHEMA_1 ? NetworkSpec.Mode.NONE : NetworkSpec.Mode.NAT,
            Words.of(NetworkSpec.Mode.values())),
        ports(),
        settings.number("network.graphics_port", 0, 0, LARGEST_PORT),
        settings.table("network.hosts", 64, 32 << 10, Rules.HOST_NAME, Rules.ADDRESS),
        settings.strings("network.hosts_files", List.of(), 16, Rules.SLOT_PATH),
        settings.strings("network.dns", List.of(), 8, Rules.ADDRESS),
        settings.flag("network.proxy", true),
        settings.strings("network.allow", List.of(), 256, Rules.EGRESS));
  }

  private List<NetworkSpec.Port> ports() {
    List<NetworkSpec.Port> ports = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Settings row : settings.rows("network.ports", MOST_PORTS)) {
      int container = row.requiredNumber("container", 1, LARGEST_PORT);
      int host = row.number("host", 0, 0, LARGEST_PORT);
      String protocol = row.choice("proto", "tcp", Words.plain("tcp", "udp"));
      row.finish(strict);
      if (host > 0 && host < FIRST_FREE_PORT) {
        row.setting("host")
            .ifPresent(at -> row.report(JobProblems.portReserved(at, host, FIRST_FREE_PORT)));
      }
      if (host > 0 && !seen.add(host + "/" + protocol)) {
        row.setting("host").ifPresent(at -> row.report(JobProblems.duplicate(at, host)));
      }
      ports.add(new NetworkSpec.Port(container, host, protocol));
    }
    return List.copyOf(ports);
  }

  ProgressSpec progress(boolean slotMounted) {
    return new ProgressSpec(
        watchedFile("progress.file", "fraction_done", slotMounted),
        patterns(),
        settings.choice(
            "progress.source", ProgressSpec.Source.BOTH, Words.of(ProgressSpec.Source.values())),
        settings.duration("progress.stall_timeout", Duration.ZERO, Duration.ZERO, YEAR));
  }

  /** A slot path; a path in the container only where the slot is not mounted. */
  private String watchedFile(String key, String fallback, boolean slotMounted) {
    Check rule =
        value ->
            value.startsWith("/") && !slotMounted
                ? Rules.CONTAINER_PATH.fault(value)
                : Rules.SLOT_PATH.fault(value);
    return settings.text(key, fallback, rule.orEmpty());
  }

  private List<Pattern> patterns() {
    return settings
        .strings("progress.patterns", List.of(), MOST_PATTERNS, LimitTables::regex)
        .stream()
        .map(Pattern::compile)
        .toList();
  }

  private static Optional<String> regex(String text) {
    // The length bounds the depth too: the regex compiler recurses.
    if (text.length() > LONGEST_PATTERN) {
      return Optional.of("is too long; " + LONGEST_PATTERN + " characters are the limit");
    }
    try {
      int groups = Pattern.compile(text).matcher("").groupCount();
      return groups == 1 || groups == 2
          ? Optional.empty()
          : Optional.of(
              "has "
                  + groups
                  + " groups; write one (percentage or fraction) or two (done and total)");
    } catch (PatternSyntaxException bad) {
      return Optional.of("is not a pattern: " + JobProblems.shortened(bad.getDescription()));
    }
  }

  CheckpointSpec checkpoint(boolean slotMounted) {
    Duration period = settings.duration("checkpoint.period", Duration.ZERO, Duration.ZERO, YEAR);
    CheckpointSpec read = readCheckpoint(period, slotMounted);
    CheckpointRules.check(read, settings);
    return read;
  }

  private CheckpointSpec readCheckpoint(Duration period, boolean slotMounted) {
    return new CheckpointSpec(
        settings.choice(
            "checkpoint.method",
            CheckpointSpec.Method.AUTO,
            Words.of(CheckpointSpec.Method.values())),
        period,
        watchedFile("checkpoint.file", "", slotMounted),
        settings.words("checkpoint.command", MOST_COMMAND_BYTES),
        settings.text("checkpoint.signal", "", Rules.SIGNAL.orEmpty()),
        settings.choice(
            "checkpoint.on_quit",
            CheckpointSpec.OnQuit.AUTO,
            Words.of(CheckpointSpec.OnQuit.values())));
  }

  SecurityRequest security() {
    return new SecurityRequest(
        settings.strings("security.caps", List.of(), 64, Rules.CAPABILITY).stream()
            .map(SecurityRequest::capability)
            .distinct()
            .toList(),
        settings.strings("security.devices", List.of(), 64, Rules.NO_CONTROL),
        settings.rows("security.host_mounts", 64).stream().map(this::hostMount).toList(),
        settings.flag("security.host_network", false),
        settings.flag("security.host_ipc", false),
        settings.flag("security.public_ports", false),
        settings.flag("security.all_gpus", false),
        settings.flag("security.root", false));
  }

  private SecurityRequest.HostMount hostMount(Settings row) {
    var mount =
        new SecurityRequest.HostMount(
            row.required("host", Rules.NO_CONTROL),
            row.required("at", Rules.MOUNT_POINT),
            row.choice("access", FilesSpec.ProjectAccess.READ_ONLY, Words.ACCESS)
                == FilesSpec.ProjectAccess.READ_ONLY);
    row.finish(strict);
    return mount;
  }

  ClusterSpec cluster() {
    ClusterSpec read = readCluster();
    ClusterRules.check(read, settings);
    return read;
  }

  private ClusterSpec readCluster() {
    return new ClusterSpec(
        settings.number("cluster.nodes", 1, 1, 16),
        settings.words("cluster.master", MOST_COMMAND_BYTES),
        settings.words("cluster.worker", MOST_COMMAND_BYTES),
        settings.number("cluster.slots", 0, 0, 4096),
        settings.text("cluster.hostfile", "/boinc/hosts", Rules.CONTAINER_PATH),
        settings.flag("cluster.ssh", false),
        settings.number("cluster.ssh_port", 2022, 1, LARGEST_PORT),
        settings.flag("cluster.shared_memory", true));
  }
}
