package org.boinc.dockerwrapper.plan;

import java.util.List;

/** What planning came to. */
public sealed interface PlanResult {
  /** The job can be tried. */
  record Planned(JobPlan plan) implements PlanResult {}

  /** Nothing may be created. */
  record Refused(List<Refusal> refusals) implements PlanResult {}
}
