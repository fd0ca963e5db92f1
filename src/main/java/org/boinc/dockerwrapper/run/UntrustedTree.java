package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a job has left in its directory, made harmless. Nothing of it may lead the client, or us,
 * elsewhere: an output that is a symbolic link to a host's file would be uploaded with that file's
 * content, and a pipe would hold the client up for ever.
 */
final class UntrustedTree {
  private static final long LEAST_PER_FILE = 1024;

  private static final Set<PosixFilePermission> OURS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private static final int MOST_WARNINGS = 10;

  private final Path top;
  private final Set<Path> ours;
  private final boolean onlyUnlock;
  private final Consumer<String> warn;
  private int warnings;

  private UntrustedTree(Path top, Set<Path> ours, boolean onlyUnlock, Consumer<String> warn) {
    this.top = top;
    this.ours = ours;
    this.onlyUnlock = onlyUnlock;
    this.warn = warn;
  }

  /**
   * Only files and directories remain, and all directories can be emptied.
   *
   * @param top need not exist
   * @param ours links that the job did not make: they go without a word
   */
  static void tame(Path top, Set<Path> ours, Consumer<String> warn) {
    new UntrustedTree(top, ours, false, warn).begin();
  }

  /** All directories can be emptied, so that the client can use the slot again. */
  static void unlock(Path top, Consumer<String> warn) {
    new UntrustedTree(top, Set.of(), true, warn).begin();
  }

  /**
   * Bytes of all files that can be seen. What is closed to us, or goes while it is counted, counts
   * nothing; it must not hide the rest.
   */
  static long bytes(Path top) throws IOException {
    AtomicLong sum = new AtomicLong();
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // Also an empty file takes something of the disk: a million of them are a limit, too.
            sum.addAndGet(
                Math.max(LEAST_PER_FILE, attributes.isRegularFile() ? attributes.size() : 0));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException closed) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException broken) {
            return FileVisitResult.CONTINUE;
          }
        });
    return sum.get();
  }

  private void begin() {
    if (Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
      directory(top);
    }
  }

  /** A directory that can't be looked into is left to fail later, where it matters. */
  private void directory(Path directory) {
    try {
      allowOurselves(directory);
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          entry(entry);
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      say("'%s' can't be looked into: %s".formatted(top.relativize(directory), e));
    }
  }

  private void entry(Path entry) throws IOException {
    if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
      directory(entry);
    } else if (!onlyUnlock && !Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
      String what = Files.isSymbolicLink(entry) ? "a symbolic link" : "no file";
      Files.delete(entry);
      if (!ours.contains(entry)) {
        say("the job left '%s', which is %s; it is dropped".formatted(top.relativize(entry), what));
      }
    }
  }

  private static void allowOurselves(Path directory) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(
            directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> permissions = EnumSet.copyOf(OURS);
    permissions.addAll(view.readAttributes().permissions());
    if (!permissions.equals(view.readAttributes().permissions())) {
      Files.setPosixFilePermissions(directory, permissions);
    }
  }

  private void say(String warning) {
    warnings++;
    if (warnings <= MOST_WARNINGS) {
      warn.accept(warning);
    }
  }
}
