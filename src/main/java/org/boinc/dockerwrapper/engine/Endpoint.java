package org.boinc.dockerwrapper.engine;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How an engine is reached. {@code toString} is the form that {@link #parse} reads. */
public sealed interface Endpoint {

  /** A Unix socket, such as {@code /var/run/docker.sock}. */
  record UnixSocket(Path path) implements Endpoint {
    @Override
    public String toString() {
      return UNIX + path;
    }
  }

  /**
   * A port, such as {@code tcp://10.0.0.1:2376}.
   *
   * @param host a name or an address, an IPv6 one without brackets
   * @param certificates directory with Docker's ca.pem, cert.pem and key.pem; empty: without TLS
   */
  record Tcp(String host, int port, Optional<Path> certificates) implements Endpoint {
    @Override
    public String toString() {
      return TcpText.write(this);
    }
  }

  /**
   * A program whose standard input and output are the connection, one process for each, such as
   * {@code docker system dial-stdio}.
   *
   * @param words the program, a name on the PATH or an absolute path, and its arguments; at least
   *     one, none of them empty
   */
  record Command(List<String> words) implements Endpoint {
    public Command {
      words = List.copyOf(words);
      if (words.isEmpty() || words.stream().anyMatch(word -> !CommandText.isWord(word))) {
        throw new IllegalArgumentException("no command: " + words);
      }
    }

    @Override
    public String toString() {
      return CommandText.write(words);
    }
  }

  /**
   * The API service of this user's Podman, which is started when it is needed. Where it listens
   * depends on the user only, and what is run on the host's PATH only: no text says either.
   */
  record Service() implements Endpoint {
    @Override
    public String toString() {
      return SERVICE;
    }
  }

  /**
   * A named pipe of Windows.
   *
   * @param name with slashes, such as {@code //./pipe/docker_engine}
   */
  record NamedPipe(String name) implements Endpoint {
    @Override
    public String toString() {
      return NPIPE + name;
    }
  }

  /**
   * Whether no other host can have containers there. A port may lead anywhere, and so may a command
   * but for the one that leads into a Linux system of this Windows.
   */
  default boolean isOfThisHost() {
    return switch (this) {
      case UnixSocket _, NamedPipe _, Service _ -> true;
      case Tcp _ -> false;
      case Command(List<String> words) -> words.getFirst().matches("(?i)(.*[/\\\\])?wsl([.]exe)?");
    };
  }

  /** The schemes of Docker's own {@code DOCKER_HOST}, one for any command, and a word. */
  String UNIX = "unix://";

  String TCP = "tcp://";
  String NPIPE = "npipe://";
  String SSH = "ssh://";
  String COMMAND = "command:";
  String SERVICE = "podman-service";

  /** What {@link #parse} reads, for people. */
  String FORMS =
      "unix:///path, tcp://host:port, ssh://user@host, npipe:////./pipe/name, podman-service or"
          + " command:program arguments";

  /**
   * Reads an endpoint; empty for what is none of the {@link #FORMS}, and for a relative path. An
   * {@code ssh://} is the command that it stands for, with Docker's program on the other side.
   */
  static Optional<Endpoint> parse(String text) {
    if (text.startsWith(UNIX)) {
      return absolute(text.substring(UNIX.length())).map(UnixSocket::new);
    }
    if (text.startsWith(TCP)) {
      return TcpText.read(text).map(Endpoint.class::cast);
    }
    if (text.startsWith(NPIPE)) {
      String name = text.substring(NPIPE.length());
      return name.matches("//[^/\\s]+/pipe/\\S+") ? Optional.of(new NamedPipe(name)) : none();
    }
    if (text.startsWith(SSH)) {
      return CommandText.ssh(text, "docker", Optional.empty()).map(Command::new);
    }
    if (text.equals(SERVICE)) {
      return Optional.of(new Service());
    }
    return text.startsWith(COMMAND)
        ? CommandText.read(text.substring(COMMAND.length())).map(Command::new)
        : none();
  }

  private static Optional<Endpoint> none() {
    return Optional.empty();
  }

  /** Empty for what is no absolute path here. */
  static Optional<Path> absolute(String text) {
    try {
      Path path = Path.of(text);
      return path.isAbsolute() ? Optional.of(path) : Optional.empty();
    } catch (InvalidPathException unusable) {
      return Optional.empty();
    }
  }
}
