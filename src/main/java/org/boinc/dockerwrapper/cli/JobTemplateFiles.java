package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The files of {@code job-templates/} that this program carries, by their names there. Loaded only
 * where somebody asks for one.
 */
final class JobTemplateFiles {
  private static final String ROOT = "/job-templates/";
  private static final String PROFILES = "profiles/";
  private static final String TOML = ".toml";

  /** The profiles are Qarnot's, who begins all their names so; people may leave it out. */
  private static final String PREFIX = "docker-";

  private JobTemplateFiles() {}

  /** All of them, as {@code job-templates/index} lists them: a jar can't be asked what it holds. */
  static List<String> names() {
    return new String(read("index").orElseThrow(), StandardCharsets.UTF_8).lines().toList();
  }

  /** The names that {@code template} of a job.toml may have without a file of the app version. */
  static List<String> profiles() {
    return names().stream()
        .filter(name -> name.startsWith(PROFILES))
        .map(name -> name.substring(PROFILES.length(), name.length() - TOML.length()))
        .toList();
  }

  /**
   * The text of a built-in template.
   *
   * @param name by the rules for names of templates; {@code batch} is {@code docker-batch}
   */
  static Optional<byte[]> profile(String name) {
    return read(PROFILES + name + TOML).or(() -> read(PROFILES + PREFIX + name + TOML));
  }

  static Optional<byte[]> read(String name) {
    try (InputStream stream = JobTemplateFiles.class.getResourceAsStream(ROOT + name)) {
      return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("this program's own file " + name + " can't be read", e);
    }
  }
}
