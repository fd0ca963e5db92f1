package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.boinc.dockerwrapper.job.JobReading;
import org.boinc.dockerwrapper.job.JobSpec;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;
import org.boinc.dockerwrapper.plan.HostDevices;
import org.boinc.dockerwrapper.plan.HostDevices.Node;
import org.boinc.dockerwrapper.plan.HostDevices.RenderNode;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.PlanRequest;
import org.boinc.dockerwrapper.plan.PlanResult;
import org.boinc.dockerwrapper.plan.Planner;
import org.boinc.dockerwrapper.simulate.JobDirectory;

/**
 * A job's directory as a whole, and all that is wrong with it.
 *
 * @param jobFile name of the job.toml
 * @param spec empty where the job.toml can't be read
 */
record JobCheck(
    JobDirectory declared, String jobFile, Optional<JobSpec> spec, List<Problem> problems) {
  /** Some ordinary user: whether a job is right does not depend on whom the client runs as. */
  private static final PlanRequest.Caller CALLER = new PlanRequest.Caller(1000, 1000);

  static JobCheck of(Path directory) throws IOException {
    JobDirectory declared = JobDirectory.read(directory);
    List<Problem> problems =
        new ArrayList<>(declared.problems().stream().map(JobLint::ofDirectory).toList());
    try (ThrowAwaySlot made = ThrowAwaySlot.prepare(declared, _ -> {})) {
      SlotPlanning slot = SlotPlanning.of(made.slot().directory(), made.slot().arguments());
      slot.arguments().problem().ifPresent(what -> problems.add(JobLint.ofCommandLine(what)));
      JobReading reading = slot.read();
      problems.addAll(reading.problems());
      // A file that is not there would be missed again, by every key that names it.
      if (reading.spec().isPresent() && declared.problems().isEmpty()) {
        problems.addAll(whole(reading.spec().get(), declared, made));
      }
      String data = made.dataDirectory().toString();
      return new JobCheck(
          declared,
          slot.arguments().jobFile(),
          reading.spec(),
          ProblemReport.with(problems, text -> text.replace(data, "DATA")));
    }
  }

  /** Of a host on which every job for one GPU finds what it needs. */
  private static HostDevices devices() {
    Node node = new Node(Path.of("/dev/kfd"), OptionalLong.empty());
    return new HostDevices(
        Set.of(),
        List.of(new RenderNode(node, 0x1002), new RenderNode(node, 0x8086)),
        Optional.of(node),
        Optional.empty());
  }

  private static List<Problem> whole(JobSpec read, JobDirectory declared, ThrowAwaySlot made)
      throws IOException {
    if (read.gpu().enabled()) {
      String type =
          switch (read.gpu().vendor()) {
            case AUTO, NVIDIA -> "NVIDIA";
            case AMD -> "ATI";
            case INTEL -> "intel_gpu";
          };
      made.slot().initData().set("gpu_type", type).set("gpu_device_num", 0);
      made.slot().rewriteInitData();
    }
    SlotPlanning slot = SlotPlanning.of(made.slot().directory(), made.slot().arguments());
    PlanRequest request =
        slot.request(read, EngineChoice.assumed(Product.DOCKER).facts(), devices(), CALLER);
    JobLint lint = new JobLint(read, request.jobFile());
    List<Problem> problems = new ArrayList<>();
    switch (Planner.plan(request)) {
      case PlanResult.Refused(var refusals) ->
          refusals.forEach(
              refusal -> problems.add(PlanOrigins.problem(refusal, read, request.jobFile())));
      case PlanResult.Planned(JobPlan plan) -> problems.addAll(lint.ofImage(plan.image()));
    }
    problems.addAll(lint.ofFile());
    problems.addAll(lint.ofOutputs(declared.files()));
    return problems;
  }
}
