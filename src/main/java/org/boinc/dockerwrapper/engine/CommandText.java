package org.boinc.dockerwrapper.engine;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Commands as text: words between blanks, where {@code %20} stands for a blank in a word and {@code
 * %25} for a percent sign. No shell ever reads them.
 */
final class CommandText {
  private CommandText() {}

  static boolean isWord(String word) {
    return !word.isEmpty() && word.chars().allMatch(c -> c >= ' ' && c != 0x7f);
  }

  static String write(List<String> words) {
    return words.stream()
        .map(word -> word.replace("%", "%25").replace(" ", "%20"))
        .collect(Collectors.joining(" ", Endpoint.COMMAND, ""));
  }

  static Optional<List<String>> read(String text) {
    List<String> words =
        Stream.of(text.strip().split(" +"))
            .map(word -> word.replace("%20", " ").replace("%25", "%"))
            .toList();
    return words.stream().allMatch(CommandText::isWord) ? Optional.of(words) : Optional.empty();
  }

  /**
   * The command for {@code ssh://user@host:port/socket}, the last three as far as they are there.
   * Nobody can type a password here.
   *
   * @param program on the other side that relays: {@code docker} or {@code podman}
   * @param key to identify with
   */
  static Optional<List<String>> ssh(String text, String program, Optional<Path> key) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException unusable) {
      return Optional.empty();
    }
    // A shell on the other side reads the path.
    if (uri.getHost() == null || !uri.getRawPath().matches("[A-Za-z0-9/._-]*")) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>(List.of("ssh", "-T", "-o", "BatchMode=yes"));
    key.ifPresent(file -> words.addAll(List.of("-i", file.toString())));
    if (uri.getUserInfo() != null && !uri.getUserInfo().isEmpty()) {
      words.addAll(List.of("-l", uri.getUserInfo()));
    }
    if (uri.getPort() > 0) {
      words.addAll(List.of("-p", Integer.toString(uri.getPort())));
    }
    words.addAll(List.of("--", uri.getHost(), program));
    if (uri.getRawPath().length() > 1) {
      String option = program.equals("docker") ? "--host" : "--url";
      words.addAll(List.of(option, Endpoint.UNIX + uri.getRawPath()));
    }
    words.addAll(List.of("system", "dial-stdio"));
    return words.stream().allMatch(CommandText::isWord) ? Optional.of(words) : Optional.empty();
  }
}
