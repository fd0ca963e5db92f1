package org.boinc.dockerwrapper.job;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image's name in the grammar of the engines.
 *
 * @param registry host and port, or empty for a short name
 * @param repository such as {@code library/alpine}
 * @param tag such as {@code 3.20}
 * @param digest {@code sha256:…}
 */
public record ImageReference(
    Optional<String> registry, String repository, Optional<String> tag, Optional<String> digest) {

  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*+";
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?<registry>localhost(?=[:/])(?::[0-9]{1,5})?"
              + "|[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+(?::[0-9]{1,5})?|[A-Za-z0-9-]+:[0-9]{1,5})/)?"
              + "(?<repository>"
              + COMPONENT
              + "(?:/"
              + COMPONENT
              + ")*+)"
              + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
              + "(?:@(?<digest>sha256:[0-9a-f]{64}))?");
  private static final Pattern ID = Pattern.compile("(sha256:)?[0-9a-f]{64}");
  private static final int LONGEST = 255;

  /** Empty where {@link #fault} has something to say. */
  public static Optional<ImageReference> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > 2 * LONGEST || ID.matcher(text).matches() || !form.matches()) {
      return Optional.empty();
    }
    if (form.end("repository") > LONGEST) {
      return Optional.empty();
    }
    return Optional.of(
        new ImageReference(
            Optional.ofNullable(form.group("registry")),
            form.group("repository"),
            Optional.ofNullable(form.group("tag")),
            Optional.ofNullable(form.group("digest"))));
  }

  /** What keeps a text from being a reference, as the end of a sentence that begins with it. */
  public static Optional<String> fault(String text) {
    if (parse(text).isPresent()) {
      return Optional.empty();
    }
    if (ID.matcher(text).matches()) {
      return Optional.of("is an image's ID; write a name, and the ID in image.digest");
    }
    if (text.length() > LONGEST) {
      return Optional.of(
          "is too long for an image's name; " + LONGEST + " characters are the limit");
    }
    boolean capitals = text.chars().anyMatch(c -> c >= 'A' && c <= 'Z');
    if (capitals && parse(text.toLowerCase(java.util.Locale.ROOT)).isPresent()) {
      return Optional.of("has capital letters; image names are in lower case");
    }
    return Optional.of("is not an image's name; write one like registry.example.org/team/app:1.0");
  }

  /**
   * The name no engine has to guess about: Docker Hub where no registry is named, {@code latest}
   * where neither tag nor digest is.
   */
  public String qualified() {
    String full = registry.orElse("docker.io") + "/" + path();
    return full
        + tag.map(name -> ":" + name).orElse(digest.isPresent() ? "" : ":latest")
        + digest.map(hash -> "@" + hash).orElse("");
  }

  private String path() {
    boolean hub = registry.isEmpty() || registry.get().equals("docker.io");
    return hub && !repository.contains("/") ? "library/" + repository : repository;
  }

  /** As written. */
  @Override
  public String toString() {
    return registry.map(host -> host + "/").orElse("")
        + repository
        + tag.map(name -> ":" + name).orElse("")
        + digest.map(hash -> "@" + hash).orElse("");
  }
}
