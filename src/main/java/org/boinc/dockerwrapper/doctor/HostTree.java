package org.boinc.dockerwrapper.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Small files of a host, of which any may be missing or hidden.
 *
 * @param root directory that all paths begin at
 */
record HostTree(Path root) {
  private static final int LARGEST = 1 << 20;

  Path file(String path) {
    return root.resolve(path);
  }

  boolean exists(String path) {
    return Files.exists(file(path));
  }

  /** Empty where it can't be read. */
  String text(String path) throws IOException {
    try (var stream = Files.newInputStream(file(path))) {
      return new String(stream.readNBytes(LARGEST), StandardCharsets.UTF_8);
    } catch (NoSuchFileException | AccessDeniedException hidden) {
      return "";
    }
  }

  OptionalLong number(String path) throws IOException {
    String text = text(path).strip();
    return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  Set<String> words(String path) throws IOException {
    String text = text(path).strip();
    return text.isEmpty() ? Set.of() : Set.of(text.split("\\s+", -1));
  }

  /** What a directory holds. */
  Stream<String> names(String path) throws IOException {
    try (Stream<Path> files = Files.list(file(path))) {
      return files.map(found -> String.valueOf(found.getFileName())).toList().stream();
    } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException hidden) {
      return Stream.of();
    }
  }
}
