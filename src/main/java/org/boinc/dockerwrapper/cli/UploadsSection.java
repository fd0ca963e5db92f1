package org.boinc.dockerwrapper.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.UploadPlan;

/** Which outputs are uploaded while the job runs. */
record UploadsSection(JobPlan plan, PlanOrigins origins) {

  PlanSection section() {
    PlanSection section = new PlanSection("uploads");
    for (UploadPlan upload : plan.uploads()) {
      List<String> names = upload.outputs().stream().map(UploadPlan.Output::logicalName).toList();
      Map<String, Object> value = new LinkedHashMap<>();
      value.put("outputs", names);
      value.put("trickle", upload.trickle().orElse(""));
      String shown =
          String.join(" ", names)
              + ", while the job runs"
              + upload.trickle().map(variety -> ", with trickle-up " + variety).orElse("");
      section.add(upload.pattern(), value, shown, origins.of("files.uploads"));
    }
    return section;
  }
}
