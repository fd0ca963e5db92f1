package org.boinc.dockerwrapper.plan;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.SlotListing;
import org.boinc.dockerwrapper.job.FilesSpec;

/**
 * Finds what a slot path or glob of the job.toml means, links resolved; refuses what leads
 * elsewhere.
 */
final class SlotFiles {
  private final SlotListing slot;
  private final FilesSpec asked;
  private final List<Refusal> refusals;

  SlotFiles(PlanRequest request, List<Refusal> refusals) {
    this.slot = request.slot();
    this.asked = request.spec().files();
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
   * refusal.
   */
  Optional<Path> writable(String key, String name) {
    if (slot.find(name).orElse(null) instanceof SlotListing.Link link
        && link.state() == SlotListing.TargetState.OUTSIDE) {
      refusals.add(Refusals.outside(key, name, link.target().toString()));
      return Optional.empty();
    }
    return Optional.of(destination(slot, name));
  }

  static Path destination(SlotListing slot, String name) {
    return slot.find(name).orElse(null) instanceof SlotListing.Link link
        ? link.target()
        : slot.slot().resolve(name);
  }

  /**
   * The entries that a glob matches and nobody hides, or the one entry of a plain name, in the
   * order of their names.
   */
  List<SlotListing.Entry> matching(String nameOrGlob) {
    if (!isGlob(nameOrGlob)) {
      return slot.find(nameOrGlob).stream().toList();
    }
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + nameOrGlob);
    return slot.entries().values().stream()
        .filter(entry -> matcher.matches(Path.of(entry.name())) && !asked.hides(entry.name()))
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
