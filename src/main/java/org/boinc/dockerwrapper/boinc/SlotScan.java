package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.boinc.dockerwrapper.boinc.SlotListing.Directory;
import org.boinc.dockerwrapper.boinc.SlotListing.Entry;
import org.boinc.dockerwrapper.boinc.SlotListing.Link;
import org.boinc.dockerwrapper.boinc.SlotListing.RegularFile;
import org.boinc.dockerwrapper.boinc.SlotListing.TargetState;

/**
 * Makes one {@link SlotListing}: first the slot, which only the client writes, then the work
 * directory, which the job writes too and in which nothing is believed to be a link.
 *
 * <p>Breadth first, so that a job which leaves too many files hides its deep ones, not its outputs.
 */
final class SlotScan {
  private static final int MAX_ENTRIES = 20_000;
  private static final int MAX_DEPTH = 16;

  private final Slot slot;
  private final Path slotRealPath;
  private final Optional<Path> projectRealPath;
  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private boolean complete = true;

  SlotScan(Slot slot, Path projectDirectory) throws IOException {
    this.slot = slot;
    this.slotRealPath = slot.directory().toRealPath();
    this.projectRealPath = realPath(projectDirectory);
  }

  /** A directory still to be read; its name is empty or ends with a slash. */
  private record Pending(Path directory, String prefix, int depth) {}

  SlotListing list(Path projectDirectory) throws IOException {
    walk(slot.directory(), true);
    walk(slot.workDirectory(), false);
    return new SlotListing(slot.directory(), projectDirectory, entries, complete);
  }

  private void walk(Path root, boolean clientsOwn) throws IOException {
    Deque<Pending> queue = new ArrayDeque<>();
    queue.add(new Pending(root, "", 1));
    while (!queue.isEmpty()) {
      Pending next = queue.remove();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(next.directory())) {
        for (Path file : files) {
          add(file, next, clientsOwn, queue);
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      } catch (AccessDeniedException e) {
        complete = false;
      } catch (NoSuchFileException | NotDirectoryException goneMeanwhile) {
        if (clientsOwn && next.directory().equals(root)) {
          throw goneMeanwhile;
        }
      }
    }
  }

  private void add(Path file, Pending parent, boolean clientsOwn, Deque<Pending> queue)
      throws IOException {
    String name = parent.prefix() + file.getFileName();
    if (Slot.isControlFile(name)) {
      return;
    }
    if (entries.size() >= MAX_ENTRIES) {
      complete = false;
      return;
    }
    Optional<Entry> entry = entry(file, name, clientsOwn);
    if (entry.isEmpty()) {
      return;
    }
    entries.putIfAbsent(name, entry.get());
    // Below a link of the slot nothing of the work directory may hide.
    if (entry.get() instanceof Directory && entries.get(name) instanceof Directory) {
      if (parent.depth() < MAX_DEPTH) {
        queue.add(new Pending(file, name + "/", parent.depth() + 1));
      } else {
        complete = false;
      }
    }
  }

  /** Nothing for what is neither file nor directory nor the client's link, and for what is gone. */
  private Optional<Entry> entry(Path file, String name, boolean clientsOwn) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isDirectory()) {
        return Optional.of(new Directory(name, file));
      }
      if (attributes.isSymbolicLink() && clientsOwn) {
        return Optional.of(link(name, file, true, Files.readSymbolicLink(file).toString()));
      }
      if (!attributes.isRegularFile()) {
        return Optional.empty();
      }
      Optional<String> target = clientsOwn ? SoftLink.target(file, attributes) : Optional.empty();
      return Optional.of(
          target.isPresent()
              ? link(name, file, false, target.get())
              : new RegularFile(name, file, attributes.size(), Files.isExecutable(file)));
    } catch (NoSuchFileException goneMeanwhile) {
      return Optional.empty();
    }
  }

  /** The client writes all link texts relative to the slot, even those of links deeper in it. */
  private Link link(String name, Path file, boolean symbolic, String text) {
    Path target;
    try {
      target = slotRealPath.resolve(text).normalize();
    } catch (InvalidPathException e) {
      return new Link(name, file, symbolic, file, TargetState.OUTSIDE);
    }
    return new Link(name, file, symbolic, target, state(target));
  }

  private TargetState state(Path target) {
    if (projectRealPath.isEmpty()
        || target.getParent() == null
        || !realPath(target.getParent()).equals(projectRealPath)) {
      return TargetState.OUTSIDE;
    }
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return TargetState.MISSING;
    }
    // A link in the project directory may lead out of it again.
    Optional<Path> real = realPath(target);
    if (real.isEmpty() || !projectRealPath.get().equals(real.get().getParent())) {
      return TargetState.OUTSIDE;
    }
    return Files.isDirectory(real.get()) ? TargetState.DIRECTORY : TargetState.FILE;
  }

  /** Nothing for what can't be resolved, for whatever reason: then it isn't trusted either. */
  private static Optional<Path> realPath(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
