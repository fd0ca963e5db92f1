package org.boinc.dockerwrapper.doctor;

import java.util.ArrayList;
import java.util.List;

/** All rules in the order in which a person would go through them. */
public final class Diagnosis {
  private Diagnosis() {}

  /** What there is to say of a host. */
  public static List<Finding> of(HostFacts host) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(EngineRules.of(host));
    findings.addAll(RootlessRules.of(host));
    findings.addAll(KernelRules.of(host));
    findings.addAll(TrialRules.of(host));
    findings.addAll(ClientRules.of(host));
    return findings;
  }
}
