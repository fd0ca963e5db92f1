package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;

/**
 * Where an engine may be, best first: what the environment names, and only that; else Docker's
 * current context, the usual sockets, Podman's service, the command lines.
 */
public final class EnginePlaces {
  private static final String DOCKER_HOST = "DOCKER_HOST";
  private static final String CONTAINER_HOST = "CONTAINER_HOST";

  /** Where BOINC's client on macOS keeps the Podman machine that it started (its Run_Podman). */
  private static final String BOINC_PODMAN = "/Library/Application Support/BOINC podman";

  /**
   * Relays to Podman's service, which it starts where none listens; that goes by itself a minute
   * after the last connection.
   */
  private static final String PODMAN_RELAY =
      "d=/run; [ $(id -u) = 0 ] || d=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}; s=$d/podman/podman.sock;"
          + " [ -S $s ] || { mkdir -p $d/podman;"
          + " setsid podman system service --time=60 unix://$s </dev/null >/dev/null 2>&1 &"
          + " n=0; until [ -S $s ] || [ $n = 100 ]; do n=$((n+1)); sleep 0.1; done; };"
          + " exec podman --url unix://$s system dial-stdio";

  /** The systems whose places differ. */
  public enum Platform {
    LINUX,
    MACOS,
    WINDOWS;

    /**
     * The one with such a name.
     *
     * @param name the JDK's {@code os.name}
     */
    public static Platform of(String name) {
      return name.startsWith("Windows") ? WINDOWS : name.startsWith("Mac") ? MACOS : LINUX;
    }
  }

  private final Map<String, String> environment;
  private final Platform platform;
  private final DockerConfig config;

  private EnginePlaces(Map<String, String> environment, Platform platform) {
    this.environment = environment;
    this.platform = platform;
    this.config = new DockerConfig(environment);
  }

  /**
   * Those of a host.
   *
   * @param environment of the process
   */
  public static EnginePlaces of(Map<String, String> environment, Platform platform) {
    return new EnginePlaces(environment, platform);
  }

  /** Those of this host and process. */
  public static EnginePlaces here(Map<String, String> environment) {
    return of(environment, Platform.of(System.getProperty("os.name", "")));
  }

  /**
   * The variable that names the engine, if one does: a volunteer who names a rootless engine does
   * not want jobs on the rootful one while it is down. Of both, {@code CONTAINER_HOST} counts for
   * who wants Podman.
   */
  public Optional<String> naming(Optional<Product> wanted) {
    List<String> set =
        List.of(DOCKER_HOST, CONTAINER_HOST).stream()
            .filter(name -> !value(name).isEmpty())
            .toList();
    return set.size() == 2 && wanted.equals(Optional.of(Product.PODMAN))
        ? Optional.of(CONTAINER_HOST)
        : set.stream().findFirst();
  }

  /**
   * What the naming variable names.
   *
   * @param problems takes a sentence where that can't be understood
   */
  Optional<Endpoint> named(String variable, List<String> problems) {
    String text = value(variable);
    Optional<Endpoint> named =
        text.startsWith(Endpoint.SSH) && variable.equals(CONTAINER_HOST)
            ? CommandText.ssh(text, "podman", absolute("CONTAINER_SSHKEY"))
                .map(Endpoint.Command::new)
            : config.withTls(text);
    if (named.isEmpty()) {
      problems.add("%s is %s: it must be %s".formatted(variable, text, Endpoint.FORMS));
    }
    return named;
  }

  /**
   * The context that Docker's command line would use, then the sockets of both products, the wanted
   * one's first.
   *
   * @param problems takes a sentence where the context can't be used
   */
  Set<Endpoint> sockets(Optional<Product> wanted, List<String> problems) {
    Set<Endpoint> places = new LinkedHashSet<>();
    if (wanted.equals(Optional.of(Product.PODMAN))) {
      places.addAll(podmanSockets());
    }
    config.context(problems).ifPresent(places::add);
    places.addAll(dockerSockets());
    places.addAll(podmanSockets());
    return places;
  }

  /** Podman's service, where it can be started on this host. */
  List<Endpoint> services() {
    return platform == Platform.LINUX && Program.find("podman", environment).isPresent()
        ? List.of(new Endpoint.Service())
        : List.of();
  }

  /** Podman's command line, where it is there. */
  List<Endpoint> podmanCommand() {
    return command("podman").stream().toList();
  }

  private List<Endpoint> dockerSockets() {
    List<Endpoint> places = new ArrayList<>();
    switch (platform) {
      case LINUX -> {
        unix(places, "/var/run/docker.sock");
        runtimeDirectory().ifPresent(own -> unix(places, own + "/docker.sock"));
      }
      case MACOS -> {
        home().ifPresent(own -> unix(places, own + "/.docker/run/docker.sock"));
        unix(places, "/var/run/docker.sock");
      }
      case WINDOWS -> places.add(new Endpoint.NamedPipe("//./pipe/docker_engine"));
    }
    return places;
  }

  /** Podman's documentation of podman-system-service(1) and podman-machine-start(1). */
  List<Endpoint> podmanSockets() {
    List<Endpoint> places = new ArrayList<>();
    switch (platform) {
      case LINUX -> {
        runtimeDirectory().ifPresent(own -> unix(places, own + "/podman/podman.sock"));
        unix(places, "/run/podman/podman.sock");
      }
      case MACOS -> {
        String machine = "/containers/podman/machine/podman.sock";
        absolute("XDG_DATA_HOME").ifPresent(data -> unix(places, data + machine));
        home().ifPresent(own -> unix(places, own + "/.local/share" + machine));
        unix(places, BOINC_PODMAN + machine);
      }
      case WINDOWS -> places.add(new Endpoint.NamedPipe("//./pipe/podman-machine-default"));
    }
    return places;
  }

  /**
   * The command lines that relay to wherever they are set up for, the wanted one first.
   *
   * @param problems takes a sentence where none is there
   */
  List<Endpoint> commands(Optional<Product> wanted, List<String> problems) {
    List<String> names =
        wanted.equals(Optional.of(Product.PODMAN))
            ? List.of("podman", "docker")
            : List.of("docker", "podman");
    List<Endpoint> places = new ArrayList<>();
    for (String name : names) {
      command(name)
          .ifPresentOrElse(
              places::add, () -> problems.add("there is no program " + name + " on the PATH"));
    }
    return places;
  }

  private Optional<Endpoint> command(String name) {
    return Program.find(name, environment)
        .map(path -> new Endpoint.Command(List.of(path.toString(), "system", "dial-stdio")));
  }

  /**
   * The command that reaches an engine inside a Linux system of Windows: its own command line
   * relays, once Podman's service is there to be relayed to. Empty where there is no such thing as
   * {@code wsl}.
   *
   * @param distro as {@code wsl -d} takes it
   */
  public Optional<Endpoint> inDistro(String distro, boolean asRoot, Product product) {
    List<String> words = new ArrayList<>(List.of("-d", distro));
    if (asRoot) {
      words.addAll(List.of("-u", "root"));
    }
    words.add("--exec");
    words.addAll(
        switch (product) {
          case DOCKER -> List.of("docker", "system", "dial-stdio");
          case PODMAN -> List.of("sh", "-c", PODMAN_RELAY);
        });
    return Program.find("wsl", environment)
        .filter(_ -> words.stream().allMatch(CommandText::isWord))
        .map(
            wsl -> {
              words.addFirst(wsl.toString());
              return new Endpoint.Command(words);
            });
  }

  /**
   * Whether an endpoint is one that this host itself would name. What stands in a slot could have
   * been put there by a job, and no job says what is run on the host.
   *
   * @param told what the client told of
   */
  boolean mayRun(Endpoint.Command command, Optional<Endpoint> told) {
    List<String> ignored = new ArrayList<>();
    List<Endpoint> known = new ArrayList<>(commands(Optional.empty(), ignored));
    told.ifPresent(known::add);
    for (String variable : List.of(DOCKER_HOST, CONTAINER_HOST)) {
      named(variable, ignored).ifPresent(known::add);
    }
    config.context(ignored).ifPresent(known::add);
    return known.contains(command);
  }

  private static void unix(List<Endpoint> places, String path) {
    Endpoint.parse(Endpoint.UNIX + path).ifPresent(places::add);
  }

  /** A service that runs without a session is not told where its user's one is. */
  private Optional<String> runtimeDirectory() {
    String told = value("XDG_RUNTIME_DIR");
    if (!told.isEmpty()) {
      return Optional.of(told);
    }
    try {
      Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      return uid.equals(0) ? Optional.empty() : Optional.of("/run/user/" + uid);
    } catch (IOException | UnsupportedOperationException noSuchThing) {
      return Optional.empty();
    }
  }

  private Optional<String> home() {
    return absolute("HOME").map(Path::toString);
  }

  private Optional<Path> absolute(String variable) {
    return Endpoint.absolute(value(variable));
  }

  private String value(String variable) {
    return environment.getOrDefault(variable, "");
  }
}
