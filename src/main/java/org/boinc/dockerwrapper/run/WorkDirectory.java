package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  static void fill(WorkPlan plan, Consumer<String> warn) throws IOException {
    tame(plan.directory(), plan.placements(), warn);
    Files.createDirectories(plan.directory());
    for (WorkPlan.Placement placement : plan.placements()) {
      Path target = target(plan.directory(), placement);
      makeParents(plan.directory(), target);
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
   * Where a placement goes. A file's own path keeps bytes that are no text in the process's locale,
   * which its name does not.
   */
  private static Path target(Path work, WorkPlan.Placement placement) {
    return switch (placement) {
      case WorkPlan.Placement.Move(String _, Path source) -> inWork(work, source);
      case WorkPlan.Placement.CopyLink(String _, Path source) -> inWork(work, source);
      case WorkPlan.Placement.Placeholder(String name, boolean _) -> work.resolve(name);
    };
  }

  /** Before anything is done below a directory that a job could have replaced by a link. */
  private static void tame(Path work, List<WorkPlan.Placement> placements, Consumer<String> warn) {
    Set<Path> ours = new HashSet<>();
    for (WorkPlan.Placement placement : placements) {
      if (placement instanceof WorkPlan.Placement.CopyLink) {
        ours.add(target(work, placement));
      }
    }
    UntrustedTree.tame(work, ours, warn);
  }

  private static Path inWork(Path work, Path inSlot) {
    return work.resolve(work.resolveSibling(".").normalize().relativize(inSlot));
  }

  /** What a container's mounts need, where an earlier episode has emptied the directory already. */
  static void createMountPoints(WorkPlan plan, Consumer<String> warn) throws IOException {
    tame(plan.directory(), plan.placements(), warn);
    Files.createDirectories(plan.directory());
    for (WorkPlan.Placement placement : plan.placements()) {
      if (placement instanceof WorkPlan.Placement.Placeholder(String name, boolean directory)) {
        Path target = plan.directory().resolve(name);
        Files.createDirectories(target.getParent());
        placeholder(target, directory);
      }
    }
  }

  /** A job that ran here before may have put a file in place of a directory. */
  private static void makeParents(Path work, Path target) throws IOException {
    Path parent = work;
    for (Path part : work.relativize(target)) {
      if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(parent);
        Files.createDirectory(parent);
      }
      parent = parent.resolve(part);
    }
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
    tame(work, placements, warn);
    for (WorkPlan.Placement placement : placements) {
      switch (placement) {
        case WorkPlan.Placement.CopyLink _ -> Files.deleteIfExists(target(work, placement));
        case WorkPlan.Placement.Placeholder(String _, boolean directory) -> {
          if (!directory) {
            Files.deleteIfExists(target(work, placement));
          }
        }
        case WorkPlan.Placement.Move _ -> {}
      }
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(work)) {
      for (Path entry : entries) {
        Path name = work.relativize(entry);
        if (Slot.isControlFile(name.toString())) {
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
   * A directory that is in both places is merged; anything else replaces what is there. A soft link
   * that the job wrote stays behind: the next listing of the slot would take it for the client's.
   */
  private static void moveInto(Path source, Path target, Consumer<String> warn) throws IOException {
    if (Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(target);
        Files.createDirectory(target);
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(source)) {
        for (Path entry : entries) {
          moveInto(entry, target.resolve(source.relativize(entry)), warn);
        }
      }
      Files.delete(source);
      return;
    }
    if (SoftLink.isLink(source)) {
      warn.accept(
          "the job left '%s', which is a soft link; it is dropped".formatted(source.getFileName()));
      Files.delete(source);
      return;
    }
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      delete(target);
    }
    Files.move(source, target, StandardCopyOption.REPLACE_EXISTING);
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
