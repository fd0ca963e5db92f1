package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** One entry of a tar archive that is about to be made. */
sealed interface TarItem {
  /** Path in the archive, with {@code /}, not absolute. */
  String name();

  record Directory(String name) implements TarItem {}

  record File(String name, Path content, boolean executable) implements TarItem {}

  /** A symbolic link, not followed. */
  record Link(String name, String target) implements TarItem {}

  /**
   * A file, or a directory with everything in it. Symbolic links within a directory stay links, so
   * nothing outside of it gets into the archive; sockets and pipes are left out.
   *
   * @param executable of a file; within a directory each file's own
   */
  static List<TarItem> of(Path source, String name, boolean executable) throws IOException {
    if (!Files.isDirectory(source)) {
      return List.of(new File(name, source, executable));
    }
    List<TarItem> items = new ArrayList<>();
    Files.walkFileTree(
        source.toRealPath(),
        new SimpleFileVisitor<>() {
          private final Path root = source.toRealPath();

          private String nameOf(Path path) {
            String below =
                root.relativize(path).toString().replace(java.io.File.separatorChar, '/');
            return below.isEmpty() ? name : name + "/" + below;
          }

          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            items.add(new Directory(nameOf(path)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isSymbolicLink()) {
              items.add(new Link(nameOf(path), Files.readSymbolicLink(path).toString()));
            } else if (attributes.isRegularFile()) {
              items.add(new File(nameOf(path), path, Files.isExecutable(path)));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return items;
  }
}
