package org.boinc.dockerwrapper.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.boinc.HostGrant;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.boinc.ProxySettings;
import org.boinc.dockerwrapper.boinc.SlotListing;
import org.boinc.dockerwrapper.boinc.SlotListing.TargetState;
import org.boinc.dockerwrapper.job.JobOverrides;
import org.boinc.dockerwrapper.job.JobReader;
import org.boinc.dockerwrapper.job.JobReading;
import org.boinc.dockerwrapper.job.PolicyReader;
import org.boinc.dockerwrapper.job.PolicyReading;
import org.boinc.dockerwrapper.job.VolunteerPolicy;

/** A job to be planned: a job.toml, a slot, a client and an engine, each as small as can be. */
final class PlanCase {
  static final Path SLOT = Path.of("/boinc/slots/7");
  static final Path WORK = SLOT.resolve("docker_wrapper_work");
  static final Path PROJECT = Path.of("/boinc/projects/example.org_Proj");

  private static final Pattern DOTTED = Pattern.compile("([a-z]+)\\.(\\w+ *=.*)");

  private final String toml;
  private final TreeMap<String, SlotListing.Entry> entries = new TreeMap<>();
  private final Set<String> appVersionFiles = new HashSet<>();
  private final Set<String> knownOutputs = new HashSet<>();
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, HostPath> hostPaths = new HashMap<>();
  private String policy = "";
  private String template = "";
  private List<String> arguments = List.of();
  private HostGrant grant = new HostGrant(2, 1L << 30, 10L << 30, Optional.empty(), 1);
  private Optional<ProxySettings> proxy = Optional.empty();
  private EngineFacts.Product product = EngineFacts.Product.DOCKER;
  private String version = "28";
  private boolean cdi;
  private HostDevices devices = HostDevices.NONE;
  private boolean rootless;
  private HostFiles files = HostFiles.SAME;
  private boolean noPriorityChange;
  private int cpus = 8;
  private long memory = 16L << 30;

  private PlanCase(String toml) {
    this.toml = toml;
    file("job.toml");
  }

  /** Of schema 1, with a Dockerfile of the workunit. */
  static PlanCase of(String... lines) {
    return bare(lines).file("Dockerfile");
  }

  /** Of schema 1, with nothing but the job.toml; {@code table.key = value} goes to its table. */
  static PlanCase bare(String... lines) {
    Map<String, String> tables = new TreeMap<>();
    StringBuilder rest = new StringBuilder();
    for (String line : lines) {
      Matcher dotted = DOTTED.matcher(line);
      if (dotted.matches()) {
        tables.merge(dotted.group(1), dotted.group(2) + "\n", String::concat);
      } else {
        rest.append(line).append('\n');
      }
    }
    StringBuilder text = new StringBuilder("schema = 1\n");
    tables.forEach((table, keys) -> text.append("[" + table + "]\n" + keys));
    return new PlanCase(text.append(rest).toString());
  }

  /** In one of the older forms, as it stands. */
  static PlanCase legacy(String... lines) {
    return new PlanCase(String.join("\n", lines)).file("Dockerfile");
  }

  PlanCase file(String name) {
    entries.put(name, new SlotListing.RegularFile(name, SLOT.resolve(name), 10, false));
    return this;
  }

  PlanCase executable(String name) {
    entries.put(name, new SlotListing.RegularFile(name, SLOT.resolve(name), 10, true));
    return this;
  }

  /** A file that an earlier episode has already moved into the work directory. */
  PlanCase movedFile(String name) {
    entries.put(name, new SlotListing.RegularFile(name, WORK.resolve(name), 10, false));
    return this;
  }

  PlanCase directory(String name) {
    entries.put(name, new SlotListing.Directory(name, SLOT.resolve(name)));
    return this;
  }

  /** To a file of the project directory with {@code _1} after its name. */
  PlanCase link(String name, TargetState state) {
    Path target =
        state == TargetState.OUTSIDE ? Path.of("/etc/passwd") : PROJECT.resolve(name + "_1");
    entries.put(name, new SlotListing.Link(name, SLOT.resolve(name), false, target, state));
    return this;
  }

  PlanCase ofAppVersion(String... names) {
    appVersionFiles.addAll(List.of(names));
    return this;
  }

  PlanCase knownOutput(String name) {
    knownOutputs.add(name);
    return this;
  }

  PlanCase text(String file, String content) {
    texts.put(file, content);
    return file(file);
  }

  PlanCase arguments(String... words) {
    arguments = List.of(words);
    return this;
  }

  /** The volunteer's docker_policy.toml. */
  PlanCase policy(String... lines) {
    policy = String.join("\n", lines);
    return this;
  }

  /** What the volunteer agreed to with this job's project. */
  PlanCase agreed(String... lines) {
    return policy("[[project]]", "url = \"https://example.org/Proj/\"", String.join("\n", lines));
  }

  /** Something of the host that a policy or a job names. */
  PlanCase onHost(String path, HostPath.Kind kind) {
    return onHost(path, path, kind);
  }

  PlanCase onHost(String path, String real, HostPath.Kind kind) {
    hostPaths.put(path, new HostPath(Path.of(real), kind));
    return this;
  }

  /** The template that the job.toml names, whatever its name is. */
  PlanCase template(String... lines) {
    template = "schema = 1\n" + String.join("\n", lines) + "\n";
    return this;
  }

  PlanCase granted(HostGrant changed) {
    grant = changed;
    return this;
  }

  PlanCase gpu(String type, int device) {
    return granted(
        new HostGrant(1, 0, 0, Optional.of(new HostGrant.GpuGrant(type, device, -1, 1)), 1));
  }

  PlanCase proxy(ProxySettings settings) {
    proxy = Optional.of(settings);
    return this;
  }

  PlanCase engine(EngineFacts.Product changed, String itsVersion, boolean givesCdi) {
    product = changed;
    version = itsVersion;
    cdi = givesCdi;
    return this;
  }

  /** What the host has for jobs with a GPU. */
  PlanCase devices(HostDevices there) {
    devices = there;
    return this;
  }

  PlanCase rootless() {
    rootless = true;
    return this;
  }

  /** How the engine sees this host's files. */
  PlanCase files(HostFiles seen) {
    files = seen;
    return this;
  }

  PlanCase noPriorityChange() {
    noPriorityChange = true;
    return this;
  }

  PlanCase host(int hostCpus, long hostMemory) {
    cpus = hostCpus;
    memory = hostMemory;
    return this;
  }

  JobPlan plan() {
    PlanResult result = Planner.plan(request());
    assertEquals(result, Planner.plan(request()), "the same request gives the same plan");
    return assertInstanceOf(PlanResult.Planned.class, result, result::toString).plan();
  }

  List<Refusal> refusals() {
    return assertInstanceOf(PlanResult.Refused.class, Planner.plan(request())).refusals();
  }

  /** The one reason why there is no plan. */
  String refusal() {
    List<Refusal> all = refusals();
    assertEquals(1, all.size(), all::toString);
    return all.getFirst().toString();
  }

  private PlanRequest request() {
    byte[] text = toml.getBytes(StandardCharsets.UTF_8);
    Function<String, Optional<byte[]>> templates =
        _ ->
            template.isEmpty()
                ? Optional.empty()
                : Optional.of(template.getBytes(StandardCharsets.UTF_8));
    JobReading reading =
        appVersionFiles.contains("job.toml")
            ? JobReader.read(text, "job.toml", templates, JobOverrides.NONE)
            : JobReader.readUnsigned(text, "job.toml", templates, JobOverrides.NONE);
    return new PlanRequest(
        reading.spec().orElseThrow(() -> new AssertionError(reading.problems())),
        init(PROJECT, "WU_One", "WU_One_0"),
        new SlotListing(SLOT, PROJECT, entries),
        "job.toml",
        appVersionFiles,
        texts,
        new EngineFacts(product, version, rootless, "amd64", cpus, memory, "unix:///x", files, cdi),
        devices,
        new PlanRequest.Caller(998, 997),
        new Volunteer(policy(), "/boinc/docker_policy.toml", hostPaths),
        arguments,
        knownOutputs,
        "0.1");
  }

  private VolunteerPolicy policy() {
    PolicyReading reading =
        PolicyReader.read(policy.getBytes(StandardCharsets.UTF_8), "docker_policy.toml");
    return reading.policy().orElseThrow(() -> new AssertionError(reading.problems()));
  }

  private InitData init(Path project, String workunit, String result) {
    return init(project, workunit, result, "app", "cpu", grant, proxy, noPriorityChange);
  }

  /** A client's job by its names alone. */
  static InitData named(
      Path project, String workunit, String result, String app, String planClass) {
    return init(
        project,
        workunit,
        result,
        app,
        planClass,
        new HostGrant(1, 0, 0, Optional.empty(), 1),
        Optional.empty(),
        false);
  }

  private static InitData init(
      Path project,
      String workunit,
      String result,
      String app,
      String planClass,
      HostGrant grant,
      Optional<ProxySettings> proxy,
      boolean noPriorityChange) {
    return new InitData(
        new InitData.ClientVersion(8, 2, 0),
        805,
        app,
        planClass,
        project,
        Path.of("/boinc"),
        workunit,
        result,
        OptionalInt.of(-1),
        Optional.empty(),
        7,
        1,
        0,
        0,
        Duration.ofMinutes(5),
        grant,
        proxy,
        Optional.empty(),
        List.of(),
        false,
        noPriorityChange,
        false);
  }
}
