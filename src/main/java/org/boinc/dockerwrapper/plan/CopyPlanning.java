package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.SlotListing;
import org.boinc.dockerwrapper.job.FilesSpec;

/**
 * Turns {@code files.in} and {@code files.out} into sources and destinations with every link
 * resolved.
 */
final class CopyPlanning {
  private final FilesSpec asked;
  private final SlotFiles files;
  private final List<Refusal> refusals;

  CopyPlanning(PlanRequest request, SlotFiles files, List<Refusal> refusals) {
    this.asked = request.spec().files();
    this.files = files;
    this.refusals = refusals;
  }

  CopyPlan copies() {
    List<CopyPlan.In> in = new ArrayList<>();
    asked.in().forEach(copy -> addIn(copy, in));
    List<CopyPlan.Out> out = new ArrayList<>();
    for (FilesSpec.CopyOut copy : asked.out()) {
      files
          .writable("files.out", copy.dst())
          .ifPresent(
              destination ->
                  out.add(
                      new CopyPlan.Out(
                          copy.src(),
                          copy.dst(),
                          destination,
                          copy.required(),
                          copy.always(),
                          copy.archive(),
                          copy.exclude())));
    }
    return new CopyPlan(in, out);
  }

  private void addIn(FilesSpec.CopyIn copy, List<CopyPlan.In> in) {
    if (files.refuseHidden("files.in", copy.src())) {
      return;
    }
    List<SlotListing.Entry> sources = files.matching(copy.src());
    boolean glob = SlotFiles.isGlob(copy.src());
    if (sources.isEmpty()) {
      refusals.add(
          glob
              ? Refusals.noMatch("files.in", copy.src())
              : Refusals.missing("files.in", copy.src()));
    }
    boolean intoDirectory = glob || copy.dst().endsWith("/");
    String base = copy.dst().endsWith("/") ? copy.dst() : copy.dst() + "/";
    for (SlotListing.Entry source : sources) {
      String target = intoDirectory ? base + lastName(source.name()) : copy.dst();
      addEntry(source, target, in);
    }
  }

  private void addEntry(SlotListing.Entry source, String target, List<CopyPlan.In> in) {
    switch (source) {
      case SlotListing.RegularFile file ->
          in.add(new CopyPlan.In(file.path(), target, file.executable()));
      case SlotListing.Link link -> {
        Optional<Path> content = files.readable("files.in", link.name());
        // The link's own mode says nothing, and the client's copies of executables are executable
        // too.
        content.ifPresent(path -> in.add(new CopyPlan.In(path, target, true)));
      }
      case SlotListing.Directory directory -> {
        List<SlotListing.Entry> children = files.below(directory);
        if (children.isEmpty()) {
          in.add(new CopyPlan.In(directory.path(), target, true));
        }
        for (SlotListing.Entry child : children) {
          // A directory that holds something is made with what it holds.
          if (!(child instanceof SlotListing.Directory inner) || files.below(inner).isEmpty()) {
            addEntry(child, target + child.name().substring(directory.name().length()), in);
          }
        }
      }
    }
  }

  private static String lastName(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
