package org.boinc.dockerwrapper.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.SlotListing;
import org.boinc.dockerwrapper.job.FilesSpec;

/**
 * Finds the outputs that {@code files.uploads} means, and how each comes to its place in the
 * project directory before the job ends.
 *
 * <p>The client aborts a job that asks for the upload of a file which is not there (BOINC
 * client/app.cpp, client/client_state.cpp), so whatever could never be there is refused.
 */
final class UploadPlanning {
  private final PlanRequest request;
  private final SlotFiles files;
  private final List<Mount> mounts;
  private final CopyPlan copies;
  private final List<Refusal> refusals;
  private final Set<String> taken = new HashSet<>();

  UploadPlanning(
      PlanRequest request,
      SlotFiles files,
      List<Mount> mounts,
      CopyPlan copies,
      List<Refusal> refusals) {
    this.request = request;
    this.files = files;
    this.mounts = mounts;
    this.copies = copies;
    this.refusals = refusals;
  }

  List<UploadPlan> uploads() {
    return request.spec().files().uploads().stream().map(this::upload).toList();
  }

  private UploadPlan upload(FilesSpec.Upload asked) {
    List<SlotListing.Link> links = outputs(asked.file());
    if (links.isEmpty()) {
      refusals.add(Refusals.noUpload(asked.file()));
    }
    List<UploadPlan.Output> outputs = new ArrayList<>();
    for (SlotListing.Link link : links) {
      if (taken.add(link.name())) {
        output(link).ifPresent(outputs::add);
      }
    }
    return new UploadPlan(
        asked.file(),
        asked.trickle().isEmpty() ? Optional.empty() : Optional.of(asked.trickle()),
        outputs);
  }

  /** A copied output is no link, and the client moves it only when the job has ended. */
  private List<SlotListing.Link> outputs(String pattern) {
    List<SlotListing.Link> links = new ArrayList<>();
    for (SlotListing.Entry entry : files.matching(pattern)) {
      if (entry instanceof SlotListing.Link link && files.isOutput(link)) {
        links.add(link);
      }
    }
    return links;
  }

  private Optional<UploadPlan.Output> output(SlotListing.Link link) {
    if (link.name().contains("/")) {
      return refused(Refusals.uploadInDirectory(link.name()));
    }
    Optional<CopyPlan.Out> copy =
        copies.out().stream().filter(out -> out.destination().equals(link.target())).findFirst();
    if (copy.isPresent()) {
      if (!copy.get().archive().isEmpty()) {
        return refused(Refusals.uploadPacked(link.name()));
      }
      return SlotFiles.isGlob(copy.get().source())
          ? refused(Refusals.uploadOutOfReach(link.name()))
          : Optional.of(found(link, Optional.of(copy.get().source())));
    }
    return isWritable(link)
        ? Optional.of(found(link, Optional.empty()))
        : refused(Refusals.uploadOutOfReach(link.name()));
  }

  private boolean isWritable(SlotListing.Link link) {
    return mounts.stream()
        .anyMatch(
            mount ->
                mount instanceof Mount.Bind bind
                    && bind.source().equals(link.target())
                    && !bind.readOnly());
  }

  private static UploadPlan.Output found(SlotListing.Link link, Optional<String> source) {
    return new UploadPlan.Output(link.name(), link.target(), source);
  }

  private Optional<UploadPlan.Output> refused(Refusal refusal) {
    refusals.add(refusal);
    return Optional.empty();
  }
}
