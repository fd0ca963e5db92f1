package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.boinc.SlotListing;
import org.boinc.dockerwrapper.job.FilesSpec;

/**
 * Finds what a slot path or glob of the job.toml means, links resolved; refuses what leads
 * elsewhere.
 */
final class SlotFiles {
  private final SlotListing slot;
  private final FilesSpec asked;
  private final Set<String> knownOutputs;
  private final List<Refusal> refusals;

  SlotFiles(PlanRequest request, List<Refusal> refusals) {
    this.slot = request.slot();
    this.asked = request.spec().files();
    this.knownOutputs = request.knownOutputs();
    this.refusals = refusals;
  }

  /** Where the content of one slot file is; a refusal is added where there is none. */
  Optional<Path> readable(String key, String name) {
    return readable(slot, key, name, refusals);
  }

  static Optional<Path> readable(
      SlotListing slot, String key, String name, List<Refusal> refusals) {
    Optional<SlotListing.Entry> entry = slot.find(name);
    if (entry.isEmpty()) {
      refusals.add(Refusals.missing(key, name));
      return Optional.empty();
    }
    return switch (entry.get()) {
      case SlotListing.RegularFile file -> Optional.of(file.path());
      case SlotListing.Directory directory -> Optional.of(directory.path());
      case SlotListing.Link link ->
          switch (link.state()) {
            case FILE, DIRECTORY -> Optional.of(link.target());
            case MISSING -> {
              refusals.add(Refusals.missingTarget(key, name, link.target().toString()));
              yield Optional.empty();
            }
            case OUTSIDE -> {
              refusals.add(Refusals.outside(key, name, link.target().toString()));
              yield Optional.empty();
            }
          };
    };
  }

  /**
   * Where an output of this slot path goes: the link's target, else the slot; empty after a
   * refusal. Only an output's link is followed: others lead to the executables that the client runs
   * on the host, and to inputs that other jobs use.
   */
  Optional<Path> writable(String key, String name) {
    if (Slot.isControlFile(name)) {
      refusals.add(Refusals.controlFile(key, name));
      return Optional.empty();
    }
    if (!(slot.find(name).orElse(null) instanceof SlotListing.Link link)) {
      return Optional.of(slot.slot().resolve(name));
    }
    if (link.state() == SlotListing.TargetState.OUTSIDE) {
      refusals.add(Refusals.outside(key, name, link.target().toString()));
      return Optional.empty();
    }
    if (!isOutput(link)) {
      refusals.add(Refusals.notAnOutput(key, name));
      return Optional.empty();
    }
    return Optional.of(link.target());
  }

  /**
   * The client makes sure that inputs exist before it starts a job (runtime reference 4.1), so a
   * link to nothing is an output.
   */
  boolean isOutput(SlotListing.Link link) {
    return link.state() == SlotListing.TargetState.MISSING
        || (knownOutputs.contains(link.name()) && link.state() == SlotListing.TargetState.FILE);
  }

  /** Says so where a file that is never shown to the job is named to be shown. */
  boolean refuseHidden(String key, String name) {
    boolean hidden = asked.hides(name);
    if (hidden) {
      refusals.add(Refusals.hidden(key, name));
    }
    return hidden;
  }

  /**
   * The entries that a glob matches and nobody hides, or the one entry of a plain name, in the
   * order of their names.
   */
  List<SlotListing.Entry> matching(String nameOrGlob) {
    if (!isGlob(nameOrGlob)) {
      return slot.find(nameOrGlob).stream().toList();
    }
    Glob glob = Glob.ofPath(nameOrGlob);
    return slot.entries().values().stream()
        .filter(entry -> glob.matches(entry.name()) && !asked.hides(entry.name()))
        .toList();
  }

  /** Everything below a directory of the slot that nobody hides. */
  List<SlotListing.Entry> below(SlotListing.Directory directory) {
    return slot.entries().values().stream()
        .filter(entry -> entry.name().startsWith(directory.name() + "/"))
        .filter(entry -> !asked.hides(entry.name()))
        .toList();
  }

  static boolean isGlob(String name) {
    return name.chars().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == '{');
  }
}
