package org.boinc.dockerwrapper.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;
import org.boinc.dockerwrapper.plan.HostFiles;

/** Tells by the way to an engine whether it sees the files of this host. */
final class SharedFiles {
  private SharedFiles() {}

  static HostFiles of(Endpoint endpoint, Product product) {
    return switch (endpoint) {
      case Endpoint.UnixSocket _, Endpoint.Service _ -> HostFiles.SAME;
      // Docker's own program for Windows translates paths, Podman's leaves that to its command
      // line.
      case Endpoint.NamedPipe _ ->
          switch (product) {
            case DOCKER -> HostFiles.SAME;
            case PODMAN -> HostFiles.WSL;
          };
      case Endpoint.Tcp(String host, int _, Optional<Path> _) ->
          isThisHost(host) ? HostFiles.SAME : HostFiles.NONE;
      case Endpoint.Command(List<String> words) -> throughCommand(words, product);
    };
  }

  private static boolean isThisHost(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.matches("127([.][0-9]+){3}")
        || host.equals("::1");
  }

  private static HostFiles throughCommand(List<String> words, Product product) {
    String program =
        String.valueOf(Path.of(words.getFirst()).getFileName()).toLowerCase(Locale.ROOT);
    return switch (program) {
      case "wsl", "wsl.exe" -> HostFiles.WSL;
      case "ssh", "ssh.exe" -> HostFiles.NONE;
      default -> throughRelay(words, product);
    };
  }

  /** Such as {@code docker --host=ssh://there system dial-stdio}. */
  private static HostFiles throughRelay(List<String> words, Product product) {
    boolean elsewhere =
        words.stream()
            .map(word -> word.substring(word.indexOf('=') + 1))
            .filter(word -> word.startsWith(Endpoint.SSH) || word.startsWith(Endpoint.TCP))
            .flatMap(word -> Endpoint.parse(word).stream())
            .anyMatch(endpoint -> of(endpoint, product) == HostFiles.NONE);
    return elsewhere ? HostFiles.NONE : HostFiles.SAME;
  }
}
