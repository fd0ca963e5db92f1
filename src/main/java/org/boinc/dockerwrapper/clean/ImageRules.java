package org.boinc.dockerwrapper.clean;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.boinc.dockerwrapper.clean.Finding.Fate;
import org.boinc.dockerwrapper.clean.Finding.Kind;
import org.boinc.dockerwrapper.engine.ListedContainer;
import org.boinc.dockerwrapper.engine.ListedImage;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.run.ImageUse;

/**
 * An image that we made is left over when nobody can use it any more: its workunit is in no slot,
 * its app version's files or its project's directory are gone. Of the others the least recently
 * used go while all of ours are larger than the limit.
 */
final class ImageRules {
  /** A job that has just come by its image has no container yet. */
  static final Duration SPARED = Duration.ofMinutes(30);

  /** An image of ours, with all that use it. */
  private record Owned(ListedImage image, Map<String, List<ImageUse>> uses, Finding finding) {
    long lastUsed() {
      return uses.values().stream()
          .flatMap(List::stream)
          .mapToLong(ImageUse::lastUsed)
          .max()
          .orElse(image.created().getEpochSecond());
    }
  }

  private final Inventory all;
  private final Set<String> inUse;

  private ImageRules(Inventory all, List<Finding> containers) {
    this.all = all;
    Set<String> leaving =
        containers.stream()
            .filter(container -> container.fate() == Fate.GOES)
            .map(Finding::id)
            .collect(Collectors.toSet());
    this.inUse =
        all.containers().stream()
            .filter(container -> !leaving.contains(container.id()))
            .map(ListedContainer::imageId)
            .collect(Collectors.toSet());
  }

  /**
   * What becomes of this client's images.
   *
   * @param containers what becomes of its containers
   * @param limit bytes that all of them may take together
   */
  static List<Finding> of(Inventory all, List<Finding> containers, long limit) {
    ImageRules rules = new ImageRules(all, containers);
    List<Owned> owned = all.images().stream().map(rules::owned).flatMap(Optional::stream).toList();
    return rules.withinLimit(owned, limit);
  }

  private Optional<Owned> owned(ListedImage image) {
    Map<String, List<ImageUse>> uses = new java.util.TreeMap<>();
    all.uses()
        .forEach(
            (project, noted) -> {
              List<ImageUse> ofThis =
                  noted.stream().filter(use -> use.id().equals(image.id())).toList();
              if (!ofThis.isEmpty()) {
                uses.put(project, ofThis);
              }
            });
    boolean labelled = all.isOurs(image.labels());
    if (uses.isEmpty() && !labelled) {
      return Optional.empty();
    }
    Verdict verdict = verdict(image, uses);
    List<String> noted =
        uses.values().stream().flatMap(List::stream).map(ImageUse::name).distinct().toList();
    return Optional.of(
        new Owned(
            image,
            uses,
            new Finding(
                Kind.IMAGE,
                image.id(),
                noted.isEmpty() ? image.names() : noted,
                uses.isEmpty()
                    ? image.labels().getOrDefault(Labels.PROJECT, "")
                    : uses.keySet().iterator().next(),
                image.bytes(),
                verdict.fate(),
                verdict.why())));
  }

  private Verdict verdict(ListedImage image, Map<String, List<ImageUse>> uses) {
    if (inUse.contains(image.id())) {
      return Verdict.stays("a container uses it");
    }
    if (!uses.isEmpty()) {
      List<Verdict> verdicts = new ArrayList<>();
      uses.forEach((project, noted) -> noted.forEach(use -> verdicts.add(verdict(project, use))));
      return Verdict.together(verdicts);
    }
    if (image.names().isEmpty()) {
      return Verdict.goes("a later build has taken its name");
    }
    String project = image.labels().get(Labels.PROJECT);
    String workunit = image.labels().getOrDefault(Labels.WORKUNIT, "");
    return project == null
        ? Verdict.inDoubt("no label says whose it is")
        : verdict(project, new ImageUse("", "", image.id(), workunit, List.of(), 0));
  }

  private Verdict verdict(String project, ImageUse use) {
    return switch (all.projects().getOrDefault(project, new ProjectState.Gone())) {
      case ProjectState.Gone() -> Verdict.goes("the client has left project " + project);
      case ProjectState.Unreadable(String why) -> Verdict.inDoubt(why);
      case ProjectState.There(Set<String> files) ->
          use.workunit().isEmpty()
              ? ofAppVersion(use.files(), files)
              : ofWorkunit(project, use.workunit());
    };
  }

  private static Verdict ofAppVersion(List<String> needed, Set<String> there) {
    return needed.stream()
        .filter(file -> !there.contains(file))
        .findFirst()
        .map(file -> Verdict.goes("its app version is gone, with its file " + file))
        .orElseGet(
            () ->
                Verdict.stays(
                    needed.isEmpty() ? "its project is there" : "its app version is there"));
  }

  private Verdict ofWorkunit(String project, String workunit) {
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.add(
        all.allSlotsKnown()
            ? Verdict.goes("no slot has a job of its workunit " + workunit)
            : Verdict.inDoubt("the client's slots can't be listed"));
    all.slots()
        .forEach((slot, tenancy) -> verdicts.add(ofWorkunit(project, workunit, slot, tenancy)));
    return Verdict.together(verdicts);
  }

  private static Verdict ofWorkunit(String project, String workunit, String slot, Tenancy tenancy) {
    Verdict notThere = Verdict.goes("no slot has a job of its workunit " + workunit);
    return switch (tenancy) {
      case Tenancy.Gone _, Tenancy.Vacant _ -> notThere;
      case Tenancy.Taken(String ofProject, String _, String ofWorkunit) -> {
        if (ofWorkunit.isEmpty()) {
          yield Verdict.inDoubt("slot %s does not say which workunit it has".formatted(slot));
        }
        yield ofProject.equals(project) && ofWorkunit.equals(workunit)
            ? Verdict.stays("its workunit is in slot " + slot)
            : notThere;
      }
      case Tenancy.Busy() -> Verdict.inDoubt("a wrapper works in slot " + slot);
      case Tenancy.Unreadable(String why) -> Verdict.inDoubt(why);
    };
  }

  private List<Finding> withinLimit(List<Owned> owned, long limit) {
    long bytes =
        owned.stream()
            .filter(image -> image.finding().fate() != Fate.GOES)
            .mapToLong(image -> image.image().bytes())
            .sum();
    List<Finding> findings = new ArrayList<>();
    for (Owned image : owned.stream().sorted(Comparator.comparingLong(Owned::lastUsed)).toList()) {
      if (bytes > limit && mayGo(image)) {
        bytes -= image.image().bytes();
        findings.add(
            image
                .finding()
                .but(
                    Fate.GOES,
                    "the images are larger than the limit, and this one was used longest ago"));
      } else {
        findings.add(image.finding());
      }
    }
    return findings;
  }

  private boolean mayGo(Owned image) {
    return image.finding().fate() == Fate.STAYS
        && !inUse.contains(image.image().id())
        && Instant.ofEpochSecond(image.lastUsed()).plus(SPARED).isBefore(all.now());
  }
}
