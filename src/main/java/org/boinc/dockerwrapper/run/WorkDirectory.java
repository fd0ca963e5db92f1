package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.boinc.SoftLink;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.WorkPlan;

/**
 * Fills the job's directory and empties it again. Both can be repeated after they were cut short
 * anywhere: a file is always in exactly one place.
 */
final class WorkDirectory {
  /** The time of an output that the job has not written to: before any job's. */
  private static final FileTime UNTOUCHED = FileTime.fromMillis(0);

  private WorkDirectory() {}

  static void fill(WorkPlan plan) throws IOException {
    Files.createDirectories(plan.directory());
    for (WorkPlan.Placement placement : plan.placements()) {
      Path target = inside(plan.directory(), placement.name());
      Files.createDirectories(target.getParent());
      switch (placement) {
        case WorkPlan.Placement.Move(String _, Path source) -> {
          if (Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(source, target, StandardCopyOption.REPLACE_EXISTING);
          }
        }
        case WorkPlan.Placement.CopyLink(String _, Path source) ->
            Files.copy(
                source, target, StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
        case WorkPlan.Placement.Placeholder(String _, boolean directory) ->
            placeholder(target, directory);
      }
    }
  }

  /**
   * A place below the directory. A job may have put a link where a directory of its was; what lies
   * behind that is not ours to write or to delete.
   */
  private static Path inside(Path directory, String name) throws IOException {
    Path place = directory;
    for (Path part : Path.of(name)) {
      if (Files.isSymbolicLink(place)) {
        Files.delete(place);
      }
      place = place.resolve(part);
    }
    return place;
  }

  private static void placeholder(Path target, boolean directory) throws IOException {
    if (directory) {
      Files.createDirectories(target);
    } else if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      Files.createFile(target);
    }
  }

  /**
   * Moves everything of the job's back into the slot, where the client looks for outputs; names
   * that mean something to the client are dropped, whoever made them.
   */
  static void empty(Path slot, List<WorkPlan.Placement> placements, Consumer<String> warn)
      throws IOException {
    Path work = slot.resolve(Slot.WORK_DIRECTORY);
    if (!Files.isDirectory(work, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    for (WorkPlan.Placement placement : placements) {
      switch (placement) {
        case WorkPlan.Placement.CopyLink(String name, Path _) ->
            Files.deleteIfExists(inside(work, name));
        case WorkPlan.Placement.Placeholder(String name, boolean directory) -> {
          if (!directory) {
            Files.deleteIfExists(inside(work, name));
          }
        }
        case WorkPlan.Placement.Move _ -> {}
      }
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(work)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (Slot.isControlFile(name)) {
          warn.accept("the job wrote '%s', which is BOINC's own; it is dropped".formatted(name));
          delete(entry);
        } else {
          moveInto(entry, slot.resolve(name), warn);
        }
      }
    }
    Files.delete(work);
  }

  /**
   * A directory that is in both places is merged; anything else replaces what is there. Links stay
   * behind: the client would follow one when it copies an output, and the next listing of the slot
   * would take it for one of the client's.
   */
  private static void moveInto(Path source, Path target, Consumer<String> warn) throws IOException {
    if (Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(target);
        Files.createDirectory(target);
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(source)) {
        for (Path entry : entries) {
          moveInto(entry, target.resolve(String.valueOf(entry.getFileName())), warn);
        }
      }
      Files.delete(source);
    } else if (isPlain(source)) {
      if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
        delete(target);
      }
      Files.move(source, target, StandardCopyOption.REPLACE_EXISTING);
    } else {
      warn.accept(
          "the job's '%s' is a link or no file at all; it is dropped"
              .formatted(source.getFileName()));
      Files.delete(source);
    }
  }

  private static boolean isPlain(Path file) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && !SoftLink.isLink(file);
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      org.apache.commons.io.file.PathUtils.deleteDirectory(path);
    } else {
      Files.deleteIfExists(path);
    }
  }

  /** A file must exist to be mounted; its time tells later whether the job wrote to it. */
  static void createOutputs(List<JobPlan.OutputLink> outputs) throws IOException {
    for (JobPlan.OutputLink output : outputs) {
      // One that is there is from an earlier episode, perhaps with half of the job's output in it.
      if (!Files.exists(output.path(), LinkOption.NOFOLLOW_LINKS)) {
        Files.createFile(output.path());
        Files.setLastModifiedTime(output.path(), UNTOUCHED);
      }
    }
  }

  /** An output that was never written is missing, not empty: the client must see that. */
  static void removeUntouched(List<JobPlan.OutputLink> outputs) throws IOException {
    for (JobPlan.OutputLink output : outputs) {
      if (Files.isRegularFile(output.path(), LinkOption.NOFOLLOW_LINKS)
          && Files.size(output.path()) == 0
          && Files.getLastModifiedTime(output.path()).equals(UNTOUCHED)) {
        Files.delete(output.path());
      }
    }
  }
}
