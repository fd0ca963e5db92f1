package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a tree as far as it can.
 *
 * @param left gets what could not be deleted
 */
record Eraser(List<Path> left) implements FileVisitor<Path> {
  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    return erase(file);
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
    return erase(file);
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException ignored) {
    return erase(directory);
  }

  private FileVisitResult erase(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException refused) {
      left.add(path);
    }
    return FileVisitResult.CONTINUE;
  }
}
