package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.AppVersionFiles;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.boinc.SlotListing;
import org.boinc.dockerwrapper.job.JobOverrides;
import org.boinc.dockerwrapper.job.JobReader;
import org.boinc.dockerwrapper.job.JobReading;
import org.boinc.dockerwrapper.job.JobSpec;

/** Reads for the job reader and the planner what they must not read themselves. */
final class JobFiles {
  /** No environment file is larger. */
  private static final int LARGEST_TEXT = 1 << 20;

  private static final int LARGEST_FILE = 16 << 20;

  private final SlotListing listing;
  private final Set<String> appVersionFiles;

  JobFiles(Slot slot, InitData job) throws IOException {
    this.listing = slot.listing(job.projectDirectory());
    this.appVersionFiles = AppVersionFiles.of(listing, job);
  }

  SlotListing listing() {
    return listing;
  }

  Set<String> appVersionFiles() {
    return appVersionFiles;
  }

  /**
   * What is wrong with the place of the job.toml. One that is promised and missing must not be
   * taken for none: the job would run with other limits than its author wrote.
   */
  Optional<String> fault(String jobFile) {
    Optional<SlotListing.Entry> entry = listing.find(jobFile);
    if (entry.isEmpty()) {
      return jobFile.equals(WrapperArguments.JOB_FILE)
          ? Optional.empty()
          : Optional.of("'%s', which option --config names, is not in the slot".formatted(jobFile));
    }
    return switch (entry.get()) {
      case SlotListing.RegularFile _ -> Optional.empty();
      case SlotListing.Directory _ -> Optional.of(jobFile + " is a directory, not a file");
      case SlotListing.Link link ->
          switch (link.state()) {
            case FILE -> Optional.empty();
            case DIRECTORY -> Optional.of(jobFile + " is a link to a directory, not to a file");
            case MISSING ->
                Optional.of(
                    "%s is a link to '%s', which is not there".formatted(jobFile, link.target()));
            case OUTSIDE ->
                Optional.of(
                    "%s is a link to '%s', which is not a file of this job's project directory"
                        .formatted(jobFile, link.target()));
          };
    };
  }

  /**
   * The job.toml, through its link; without one the defaults hold.
   *
   * @throws IOException where it is there and can't be read
   */
  JobReading read(String jobFile, JobOverrides commandLine) throws IOException {
    Optional<Path> file = listing.resolve(jobFile);
    if (file.isEmpty()) {
      return JobReader.absent(this::template, commandLine);
    }
    byte[] text = content(file.get());
    return appVersionFiles.contains(jobFile)
        ? JobReader.read(text, jobFile, this::template, commandLine)
        : JobReader.readUnsigned(text, jobFile, this::template, commandLine);
  }

  /**
   * The reader says what is too large for a job.toml; this only keeps us from reading a disk image.
   */
  private static byte[] content(Path file) throws IOException {
    try (var stream = Files.newInputStream(file)) {
      return stream.readNBytes(LARGEST_FILE);
    }
  }

  /**
   * Only the app version's own files are templates, and those that we carry: a workunit can name
   * one, not bring one.
   */
  private Optional<byte[]> template(String name) {
    String file = name + ".toml";
    if (!appVersionFiles.contains(file)) {
      return JobTemplateFiles.profile(name);
    }
    try {
      return Optional.of(content(listing.resolve(file).orElseThrow()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("template '" + file + "' can't be read", e);
    }
  }

  /** The text of what planning looks into; a file that is missing is the planner's to refuse. */
  Map<String, String> texts(JobSpec spec) throws IOException {
    List<String> names = new ArrayList<>(spec.container().envFiles());
    names.addAll(spec.network().hostsFiles());
    names.add(spec.image().dockerfile());
    spec.image().registry().ifPresent(login -> names.add(login.passwordFile()));
    Map<String, String> texts = new HashMap<>();
    for (String name : names) {
      Optional<Path> file = listing.resolve(name);
      if (file.isPresent()) {
        try (var stream = Files.newInputStream(file.get())) {
          texts.put(
              name,
              new String(stream.readNBytes(LARGEST_TEXT), java.nio.charset.StandardCharsets.UTF_8));
        }
      }
    }
    return texts;
  }
}
