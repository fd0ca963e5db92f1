package org.boinc.dockerwrapper.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.it.HostileJob;
import org.boinc.dockerwrapper.job.JobReading;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.CopyPlan;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.boinc.dockerwrapper.plan.HostDevices;
import org.boinc.dockerwrapper.plan.HostFiles;
import org.boinc.dockerwrapper.plan.ImagePlan;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.Mount;
import org.boinc.dockerwrapper.plan.NetworkPlan;
import org.boinc.dockerwrapper.plan.PlanRequest;
import org.boinc.dockerwrapper.plan.PlanResult;
import org.boinc.dockerwrapper.plan.Planner;
import org.boinc.dockerwrapper.plan.Privileges;
import org.boinc.dockerwrapper.plan.Refusal;
import org.boinc.dockerwrapper.plan.ResourceLimits;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.boinc.dockerwrapper.simulate.SimulatedSlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jobs that want more than they may have, as they come with a workunit, in a slot as the client
 * makes it: each is refused with its sentence, or planned without anything of the host.
 */
final class HostileCorpusTest {
  private static final long MEMORY = 512L << 20;
  private static final long DISK = 1L << 30;
  private static final EngineFacts ENGINE =
      new EngineFacts(
          EngineFacts.Product.DOCKER,
          "28",
          false,
          "amd64",
          8,
          16L << 30,
          "unix:///x",
          HostFiles.SAME,
          false);

  /** What the wrapper itself puts beside the work directory for the container to read. */
  private static final Set<String> GENERATED =
      Set.of(
          "docker_wrapper_passwd",
          "docker_wrapper_group",
          "docker_wrapper_resolve",
          "docker_wrapper_ports",
          "docker_wrapper_hidden");

  @TempDir Path data;

  static Stream<HostileJob> refused() {
    return HostileJob.all().filter(job -> !job.refused().isEmpty());
  }

  static Stream<HostileJob> planned() {
    return HostileJob.all().filter(job -> job.refused().isEmpty());
  }

  @Test
  void theCorpusIsThere() {
    assertTrue(refused().count() >= 150, "refused");
    assertTrue(planned().count() >= 30, "planned");
    assertTrue(HostileJob.all().filter(HostileJob::runs).count() >= 25, "run by HostileJobIT");
  }

  @ParameterizedTest
  @MethodSource("refused")
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
  void whatIsNeverGivenIsRefusedWithItsSentence(HostileJob job) throws IOException {
    List<String> sentences = new ArrayList<>();
    SlotPlanning planning = planning(job);
    JobReading reading = planning.read();
    reading.errors().stream().map(Problem::toString).forEach(sentences::add);
    if (reading.spec().isPresent()) {
      switch (plan(planning, reading)) {
        case PlanResult.Refused(List<Refusal> refusals) ->
            refusals.stream().map(Refusal::toString).forEach(sentences::add);
        case PlanResult.Planned(JobPlan plan) -> sentences.add("planned: " + plan);
      }
    }
    boolean same = sentences.size() == job.refused().size();
    for (int i = 0; same && i < sentences.size(); i++) {
      same = matches(job.refused().get(i), sentences.get(i));
    }
    assertTrue(
        same,
        () ->
            "said: \n# refused: "
                + String.join("\n# refused: ", sentences).replace(data.toString(), "…"));
    assertTrue(
        sentences.stream()
            .allMatch(sentence -> sentence.chars().noneMatch(Character::isISOControl)),
        "a sentence is a line, and nothing for a terminal to obey");
  }

  private static boolean matches(String expected, String sentence) {
    String pattern =
        Stream.of(expected.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return sentence.matches(pattern);
  }

  @ParameterizedTest
  @MethodSource("planned")
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
  void whatIsPlannedHasNothingOfTheHost(HostileJob job) throws IOException {
    SlotPlanning planning = planning(job);
    JobReading reading = planning.read();
    assertEquals(List.of(), reading.errors());
    PlanResult result = plan(planning, reading);
    assertTrue(result instanceof PlanResult.Planned, result::toString);
    JobPlan plan = ((PlanResult.Planned) result).plan();
    ContainerPlan container = plan.container();
    assertEquals(Privileges.NONE, container.privileges());
    assertLimits(container.limits());
    assertPorts(container.network());
    container.mounts().forEach(this::assertMount);
    plan.copies().out().stream().map(CopyPlan.Out::destination).forEach(this::assertWritable);
    plan.watch().stdout().ifPresent(this::assertWritable);
    plan.watch().stderr().ifPresent(this::assertWritable);
    plan.copies().in().stream().map(CopyPlan.In::source).forEach(this::assertReadable);
    assertImage(plan.image());
    assertTrue(
        plan.labels().keySet().stream().allMatch(name -> name.matches("[a-z-]+|boinc\\.[a-z]+")),
        plan.labels()::toString);
    assertTrue(container.init());
  }

  private static void assertLimits(ResourceLimits limits) {
    assertTrue(limits.cpus() <= 2, limits::toString);
    assertTrue(limits.memoryBytes() > 0, limits::toString);
    assertTrue(limits.swapBytes() >= 0, limits::toString);
    assertTrue(limits.swapBytes() <= MEMORY - limits.memoryBytes(), limits::toString);
    assertTrue(limits.shmBytes() <= limits.memoryBytes(), limits::toString);
    assertTrue(limits.pids() > 0 && limits.pids() <= 4096, limits::toString);
    assertEquals(DISK, limits.diskBytes());
    assertTrue(limits.cpuShares() < 100, limits::toString);
    limits
        .ulimits()
        .forEach(
            (name, value) -> {
              long most =
                  switch (name) {
                    case "rtprio", "nice" -> 0;
                    case "nofile" -> 1 << 20;
                    case "memlock" -> limits.memoryBytes();
                    default -> Long.MAX_VALUE;
                  };
              assertTrue(value >= 0 && value <= most, name + " " + value);
            });
  }

  private static void assertPorts(NetworkPlan network) {
    network.ports().forEach(port -> assertEquals("127.0.0.1", port.address()));
  }

  private Path slot() {
    return data.resolve("slots/0");
  }

  private Path project() {
    return data.resolve("projects/simulated.example_project");
  }

  private void assertMount(Mount mount) {
    switch (mount) {
      case Mount.Tmpfs tmpfs -> assertEquals("/tmp", tmpfs.target());
      case Mount.Bind bind when bind.readOnly() -> assertReadable(bind.source());
      case Mount.Bind bind ->
          assertTrue(
              bind.source().startsWith(slot().resolve(Slot.WORK_DIRECTORY))
                  || bind.source().equals(project().resolve("out_out")),
              bind::toString);
    }
  }

  /** The job's own files, or the project directory as it is. */
  private void assertReadable(Path source) {
    Path inSlot = slot().relativize(source);
    assertTrue(
        source.startsWith(project())
            || (source.startsWith(slot())
                && (!Slot.isControlFile(inSlot.toString())
                    || GENERATED.contains(inSlot.toString()))),
        source::toString);
  }

  private void assertWritable(Path destination) {
    assertTrue(
        destination.equals(project().resolve("out_out"))
            || (destination.startsWith(slot())
                && !Slot.isControlFile(slot().relativize(destination).toString())),
        destination::toString);
  }

  private void assertImage(ImagePlan image) {
    switch (image) {
      case ImagePlan.Build build -> {
        String made =
            build.labels().isEmpty() ? build.name().qualified() : build.name().preferred();
        assertTrue(made.startsWith("boinc_"), build.name()::toString);
        build.files().stream().map(ImagePlan.ContextFile::source).forEach(this::assertReadable);
      }
      case ImagePlan.Load load -> load.archives().forEach(this::assertReadable);
      case ImagePlan.Pull pull -> assertEquals("docker.io/boinc-test/busybox:1", pull.reference());
    }
  }

  private SlotPlanning planning(HostileJob job) throws IOException {
    SimulatedSlot.Builder slot =
        SimulatedSlot.in(data)
            .file(job.file())
            .files(HostileJob.FILES)
            .file(SimulatedFile.app("attack.sh", "true"))
            .ncpus(2)
            .bounds(MEMORY, DISK);
    job.dockerfile().ifPresent(text -> slot.file(SimulatedFile.input("Dockerfile", text)));
    return SlotPlanning.of(slot.prepare().directory(), List.of());
  }

  private static PlanResult plan(SlotPlanning planning, JobReading reading) throws IOException {
    return Planner.plan(
        planning.request(
            reading.spec().orElseThrow(),
            ENGINE,
            HostDevices.NONE,
            new PlanRequest.Caller(998, 997)));
  }
}
