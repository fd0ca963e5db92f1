package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import org.boinc.dockerwrapper.plan.EngineFacts;

/**
 * What a Podman of this host would say of itself, found out without asking. Asked, it asks the
 * package manager about each of its parts, which on Debian costs a second of CPU time, and each
 * wrapper would have to ask.
 */
final class LocalPodman {
  /**
   * Where Podman's own unit listens, in root's runtime directory or a user's. What listens
   * elsewhere may be a relay to another's Podman or to one in a virtual machine (podman-machine(1)
   * names its sockets otherwise).
   */
  private static final Path USUAL = Path.of("podman", "podman.sock");

  private static final Path MEMORY = Path.of("/proc/meminfo");

  /** The JDK's names of architectures and Go's. */
  private static final Map<String, String> ARCHITECTURES =
      Map.of("amd64", "amd64", "aarch64", "arm64");

  private LocalPodman() {}

  /** Empty where it must be asked. */
  static Optional<EngineFacts> facts(Endpoint endpoint, String version) {
    String architecture = ARCHITECTURES.get(System.getProperty("os.arch", ""));
    if (architecture == null) {
      return Optional.empty();
    }
    try {
      Optional<Boolean> rootless = rootless(endpoint);
      if (rootless.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new EngineFacts(
              EngineFacts.Product.PODMAN,
              version,
              rootless.get(),
              architecture,
              Runtime.getRuntime().availableProcessors(),
              memory(Files.readAllLines(MEMORY)),
              endpoint.toString(),
              SharedFiles.of(endpoint, EngineFacts.Product.PODMAN),
              PodmanTraits.knowsCdi(version)));
    } catch (IOException | UnsupportedOperationException notKnownHere) {
      return Optional.empty();
    }
  }

  /** Empty where it may not be this host's. */
  private static Optional<Boolean> rootless(Endpoint endpoint) throws IOException {
    return switch (endpoint) {
      case Endpoint.Service _ -> PrivateDirectory.user().map(user -> user != 0);
      case Endpoint.UnixSocket(Path socket) ->
          socket.toRealPath().endsWith(USUAL)
              ? Optional.of(!listener(socket).equals("root"))
              : Optional.empty();
      case Endpoint.Tcp _, Endpoint.Command _, Endpoint.NamedPipe _ -> Optional.empty();
    };
  }

  /** Whose process listens there. */
  private static String listener(Path socket) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
    }
  }

  /** Bytes in all. */
  private static long memory(List<String> lines) throws IOException {
    return lines.stream()
        .filter(line -> line.startsWith("MemTotal:"))
        .map(line -> line.replaceAll("\\D", ""))
        .findFirst()
        .map(kibibytes -> Long.parseLong(kibibytes) << 10)
        .orElseThrow(() -> new IOException(MEMORY + " does not say how much there is"));
  }
}
