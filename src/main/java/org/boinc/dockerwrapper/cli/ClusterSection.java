package org.boinc.dockerwrapper.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.boinc.dockerwrapper.plan.ClusterPlan;
import org.boinc.dockerwrapper.plan.JobPlan;

/** What a plan says of the further containers of a job of several. */
final class ClusterSection {
  private final JobPlan plan;
  private final PlanOrigins origins;

  ClusterSection(JobPlan plan, PlanOrigins origins) {
    this.plan = plan;
    this.origins = origins;
  }

  PlanSection section() {
    PlanSection section = new PlanSection("cluster");
    plan.cluster().ifPresent(cluster -> fill(section, cluster));
    return section;
  }

  private void fill(PlanSection section, ClusterPlan cluster) {
    section.add("nodes", cluster.nodes(), origins.of("cluster.nodes"));
    for (ClusterPlan.Worker worker : cluster.workers()) {
      List<String> command = new java.util.ArrayList<>(worker.container().entrypoint());
      command.addAll(worker.container().command());
      command.addAll(worker.container().args());
      Map<String, Object> value = new LinkedHashMap<>();
      value.put("name", worker.name());
      value.put("command", command);
      section.add(
          worker.container().hostname(),
          value,
          command.isEmpty() ? "the image's CMD" : ShellLine.of(command),
          origins.of("cluster.worker", "container.command"));
    }
    cluster
        .keys()
        .ifPresent(keys -> section.add("ssh", "port " + keys.port(), origins.of("cluster.ssh")));
  }
}
