package org.boinc.dockerwrapper.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.job.Origin;
import org.boinc.dockerwrapper.plan.Privileges;

/** What a planned container may and may not do to the host. */
record SecuritySection(Privileges agreed, PlanOrigins origins) {
  PlanSection section() {
    PlanSection section = new PlanSection("security");
    if (agreed.caps().isEmpty()) {
      section.add("capabilities", List.of(), "none", PlanOrigins.ALWAYS);
    } else {
      section.add("capabilities", agreed.caps(), origins.of("security.caps"));
    }
    List<String> devices =
        Stream.concat(agreed.devices().stream().map(Path::toString), agreed.cdiDevices().stream())
            .toList();
    if (!devices.isEmpty()) {
      section.add("devices", devices, origins.of("security.devices"));
    }
    if (agreed.hostIpc()) {
      section.add("host_ipc", true, origins.of("security.host_ipc"));
    }
    if (!agreed.cgroupParent().isEmpty()) {
      section.add(
          "cgroup_parent",
          agreed.cgroupParent(),
          new Origin(Origin.Source.POLICY, "cgroup_parent"));
    }
    return section
        .add("no_new_privileges", true, PlanOrigins.ALWAYS)
        .add("restart", "no", PlanOrigins.ALWAYS);
  }
}
