package org.boinc.dockerwrapper.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that goes to the server.
 *
 * @param appVersions one for each platform
 * @param staged files that the input template names, for bin/stage_file
 * @param inputTemplate its path below the release
 * @param outputTemplate its path below the release
 * @param commands what to type in the project's directory, in order
 * @param texts by path below the release
 */
public record Release(
    ReleaseName name,
    Model model,
    List<AppVersion> appVersions,
    List<ReleaseFile> staged,
    String inputTemplate,
    String outputTemplate,
    List<String> commands,
    Map<String, String> texts) {
  /** Below the release: what is for bin/stage_file. */
  public static final String STAGE = "stage";

  /** Below the release: what to do with it. */
  public static final String GUIDE = "README.md";

  /**
   * Writes all of it or nothing.
   *
   * @throws FileAlreadyExistsException if there is something already
   */
  public void writeTo(Path directory) throws IOException {
    Path target = directory.toAbsolutePath().normalize();
    Path parent = target.getParent();
    if (parent == null || isOccupied(target)) {
      throw new FileAlreadyExistsException(
          directory + ": is not empty, and nothing is ever overwritten; name another directory");
    }
    Files.createDirectories(parent);
    Path part = Files.createTempDirectory(parent, target.getFileName() + ".part");
    try {
      fill(part);
      permit(part, true);
      Files.deleteIfExists(target);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (DirectoryNotEmptyException | FileAlreadyExistsException filledMeanwhile) {
      throw new FileAlreadyExistsException(directory + ": was filled by somebody else just now");
    } finally {
      remove(part);
    }
  }

  private static boolean isOccupied(Path target) throws IOException {
    if (!Files.isDirectory(target)) {
      return Files.exists(target);
    }
    try (Stream<Path> files = Files.list(target)) {
      return files.findAny().isPresent();
    }
  }

  private void fill(Path root) throws IOException {
    for (Map.Entry<String, ReleaseFile> file : files().entrySet()) {
      Path target = root.resolve(file.getKey());
      directories(root, target);
      Files.copy(file.getValue().source(), target);
      permit(target, file.getValue().executable());
    }
    for (Map.Entry<String, String> text : texts.entrySet()) {
      Path target = root.resolve(text.getKey());
      directories(root, target);
      Files.write(
          target, text.getValue().getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
      permit(target, false);
    }
  }

  /** By path below the release. */
  private SortedMap<String, ReleaseFile> files() {
    SortedMap<String, ReleaseFile> files = new TreeMap<>();
    for (AppVersion version : appVersions) {
      version.files().forEach(f -> files.put(version.directory() + "/" + f.physicalName(), f));
    }
    staged.forEach(file -> files.put(STAGE + "/" + file.physicalName(), file));
    return files;
  }

  private static void directories(Path root, Path file) throws IOException {
    Path directory = root;
    for (Path part : root.relativize(file.getParent())) {
      directory = directory.resolve(part);
      Files.createDirectories(directory);
      permit(directory, true);
    }
  }

  /** Whatever the umask: the server reads modes. */
  private static void permit(Path path, boolean executable) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }

  private static void remove(Path part) throws IOException {
    if (Files.exists(part)) {
      try (Stream<Path> files = Files.walk(part)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
