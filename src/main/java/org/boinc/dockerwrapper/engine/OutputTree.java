package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.io.IOUtils;

/** Files and directories as they are; what the destination holds besides stays. */
final class OutputTree implements OutputTarget {
  /** Fewer and larger writes than the 16 KiB of {@code transferTo}. */
  private static final int STEP = 256 * 1024;

  private final Path destination;
  private final Map<String, Path> written = new HashMap<>();

  OutputTree(Path destination) {
    this.destination = destination.toAbsolutePath().normalize();
  }

  @Override
  public void directory(ContainerArchive.Item item) throws IOException {
    Optional<Path> path = resolve(item.path());
    if (path.isPresent()) {
      real(path.get());
    }
  }

  @Override
  public long file(ContainerArchive.Item item, InputStream content) throws IOException {
    Optional<Path> path = place(item.path());
    if (path.isEmpty()) {
      return -1;
    }
    try (PartFile part = new PartFile(path.get())) {
      long bytes = IOUtils.copyLarge(content, part.out(), new byte[STEP]);
      part.complete();
      written.put(item.path(), path.get());
      return bytes;
    }
  }

  @Override
  public long hardLink(ContainerArchive.Item item) throws IOException {
    Path original = written.get(item.link());
    Optional<Path> path = place(item.path());
    if (original == null || path.isEmpty()) {
      return -1;
    }
    try (PartFile part = new PartFile(path.get())) {
      long bytes = Files.copy(original, part.out());
      part.complete();
      return bytes;
    }
  }

  @Override
  public void complete() {
    // every file is complete by itself
  }

  @Override
  public void close() {
    // nothing is open between two entries
  }

  /** Where a file goes, its directory made; empty if this host cannot have such a name. */
  private Optional<Path> place(String name) throws IOException {
    Optional<Path> path = resolve(name);
    if (path.isPresent() && path.get().getParent() != null) {
      if (name.isEmpty()) {
        Files.createDirectories(path.get().getParent());
      } else {
        real(path.get().getParent());
      }
    }
    if (path.isPresent() && Files.isDirectory(path.get(), LinkOption.NOFOLLOW_LINKS)) {
      throw new OutputRefusedException(
          path.get() + " is a directory, and a file is to take its place");
    }
    return path;
  }

  private Optional<Path> resolve(String name) {
    try {
      Path path = name.isEmpty() ? destination : destination.resolve(name).normalize();
      return path.startsWith(destination) ? Optional.of(path) : Optional.empty();
    } catch (InvalidPathException foreignName) {
      return Optional.empty();
    }
  }

  /**
   * Makes a directory at or below the destination. A symbolic link in the way could lead anywhere:
   * the container may have written where it stands.
   */
  private void real(Path directory) throws IOException {
    if (directory.equals(destination)) {
      Files.createDirectories(Optional.ofNullable(directory.getParent()).orElse(directory));
    } else if (directory.getParent() != null) {
      real(directory.getParent());
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw new OutputRefusedException(
            directory + " is no directory, and a directory is to take its place");
      }
      Files.createDirectory(directory);
    }
  }
}
