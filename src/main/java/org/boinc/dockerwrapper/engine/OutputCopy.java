package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.plan.CopyPlan;

/** Takes one output out of the archive that the engine sends. */
final class OutputCopy {
  private static final int MOST_WARNINGS = 10;

  private final CopyPlan.Out out;
  private final OutputSelection selection;
  private final Consumer<String> warn;
  private int leftOut;
  private int files;
  private long bytes;

  OutputCopy(CopyPlan.Out out, OutputSelection selection, Consumer<String> warn) {
    this.out = out;
    this.selection = selection;
    this.warn = warn;
  }

  TarCopy.Result from(ContainerArchive archive) throws IOException {
    Optional<ContainerArchive.Item> root = archive.next();
    if (root.isEmpty()) {
      return new TarCopy.Result.Missing();
    }
    ContainerArchive.Kind kind = root.get().kind();
    boolean directory = kind == ContainerArchive.Kind.DIRECTORY;
    if (!directory && (selection.glob() || kind != ContainerArchive.Kind.FILE)) {
      return new TarCopy.Result.Refused(selection.root() + " is " + described(root.get()));
    }
    try (OutputTarget target = target()) {
      boolean found = !selection.glob();
      if (found) {
        put(archive, root.get(), target);
      }
      for (Optional<ContainerArchive.Item> item = archive.next();
          item.isPresent();
          item = archive.next()) {
        if (selection.contains(item.get().path())) {
          found |= put(archive, item.get(), target);
        }
      }
      if (leftOut > MOST_WARNINGS) {
        warn.accept((leftOut - MOST_WARNINGS) + " more entries of " + out.source() + " left out");
      }
      if (!found) {
        return new TarCopy.Result.Missing();
      }
      target.complete();
      return new TarCopy.Result.Copied(bytes, files);
    }
  }

  private OutputTarget target() throws IOException {
    return switch (out.archive()) {
      case "" -> new OutputTree(out.destination());
      case "tar", "tgz" ->
          new OutputTar(
              out.destination(),
              selection.glob() ? "" : selection.name(),
              out.archive().equals("tgz"));
      default ->
          throw new OutputRefusedException(
              out.archive() + " is no kind of archive; tar and tgz are");
    };
  }

  /** Whether anything was written. */
  private boolean put(ContainerArchive archive, ContainerArchive.Item item, OutputTarget target)
      throws IOException {
    return switch (item.kind()) {
      case DIRECTORY -> {
        target.directory(item);
        yield true;
      }
      case FILE -> count(item, target.file(item, archive.content()));
      case HARD_LINK -> count(item, target.hardLink(item));
      case SYMBOLIC_LINK, OTHER -> leaveOut(item, described(item));
    };
  }

  private boolean count(ContainerArchive.Item item, long size) {
    if (size < 0) {
      return leaveOut(
          item,
          item.kind() == ContainerArchive.Kind.HARD_LINK
              ? "a second name of a file that is not part of the output"
              : "a file whose name this host cannot write");
    }
    files++;
    bytes += size;
    return true;
  }

  private boolean leaveOut(ContainerArchive.Item item, String what) {
    leftOut++;
    if (leftOut <= MOST_WARNINGS) {
      warn.accept(selection.root() + "/" + item.path() + " is left out: it is " + what);
    }
    return false;
  }

  /** What a symbolic link is called that would be the output. */
  static String link(String target) {
    return "a symbolic link to " + target + ", and those are not followed";
  }

  private static String described(ContainerArchive.Item item) {
    return switch (item.kind()) {
      case FILE -> "a file";
      case DIRECTORY -> "a directory";
      case SYMBOLIC_LINK -> link(item.link());
      case HARD_LINK -> "a second name of another file";
      case OTHER -> "a device, pipe or socket";
    };
  }
}
