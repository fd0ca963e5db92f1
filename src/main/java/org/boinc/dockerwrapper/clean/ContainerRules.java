package org.boinc.dockerwrapper.clean;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.boinc.dockerwrapper.clean.Finding.Kind;
import org.boinc.dockerwrapper.engine.ListedContainer;
import org.boinc.dockerwrapper.engine.ListedNetwork;
import org.boinc.dockerwrapper.plan.Labels;

/**
 * A container, and a network, belongs to a result in a slot; it is left over when that result no
 * longer lives there. Whether it runs does not matter: one that has ended is a result that is still
 * to be collected.
 */
final class ContainerRules {
  private ContainerRules() {}

  /** What becomes of this client's containers and networks. */
  static List<Finding> of(Inventory all) {
    List<Finding> findings = new ArrayList<>();
    for (ListedContainer container : all.containers()) {
      if (isOurs(all, container.labels())) {
        findings.add(
            finding(all, Kind.CONTAINER, container.id(), container.name(), container.labels()));
      }
    }
    for (ListedNetwork network : all.networks()) {
      if (isOurs(all, network.labels())) {
        findings.add(finding(all, Kind.NETWORK, network.id(), network.name(), network.labels()));
      }
    }
    return findings;
  }

  /** One that a person makes of our image inherits that one's labels, but no slot. */
  private static boolean isOurs(Inventory all, Map<String, String> labels) {
    return all.isOurs(labels)
        && labels.containsKey(Labels.RESULT)
        && labels.containsKey(Labels.SLOT);
  }

  private static Finding finding(
      Inventory all, Kind kind, String id, String name, Map<String, String> labels) {
    Verdict verdict = verdict(all, labels);
    return new Finding(
        kind,
        id,
        List.of(name),
        labels.getOrDefault(Labels.PROJECT, ""),
        0,
        verdict.fate(),
        verdict.why());
  }

  private static Verdict verdict(Inventory all, Map<String, String> labels) {
    String slot = labels.getOrDefault(Labels.SLOT, "");
    Tenancy unseen = new Tenancy.Unreadable("slot %s was not looked at".formatted(slot));
    return switch (all.slots().getOrDefault(slot, unseen)) {
      case Tenancy.Gone() -> Verdict.goes("its slot %s is gone".formatted(slot));
      case Tenancy.Vacant() -> Verdict.goes("its slot %s has no job".formatted(slot));
      case Tenancy.Taken taken ->
          isSame(taken, labels)
              ? Verdict.stays("its result is in slot " + slot)
              : Verdict.goes("its slot %s has another job".formatted(slot));
      case Tenancy.Busy() -> Verdict.stays("a wrapper still works in its slot " + slot);
      case Tenancy.Unreadable(String why) -> Verdict.inDoubt(why);
    };
  }

  private static boolean isSame(Tenancy.Taken taken, Map<String, String> labels) {
    return taken.result().equals(labels.get(Labels.RESULT))
        && (taken.project().isEmpty()
            || taken.project().equals(labels.getOrDefault(Labels.PROJECT, taken.project())));
  }
}
