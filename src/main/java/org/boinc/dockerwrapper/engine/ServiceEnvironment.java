package org.boinc.dockerwrapper.engine;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The environment of programs that serve an engine. A client that a service manager starts has no
 * session, and lacks what these programs need; and it sets what they must not see.
 */
final class ServiceEnvironment {
  private static final String RUNTIME = "XDG_RUNTIME_DIR";

  private static final String HOME = "HOME";

  /**
   * Names of libraries' places, of which the client makes one the slot (app_start.cpp): a job's
   * file there would be loaded into a program that runs on the host.
   */
  private static final List<String> LIBRARIES =
      List.of("LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES");

  /** They would send the program to another engine, also back to us. */
  private static final List<String> ENGINES =
      List.of("DOCKER_HOST", "CONTAINER_HOST", "CONTAINER_CONNECTION");

  /** They are the client's own agreement with the service manager. */
  private static final List<String> MANAGER =
      List.of("NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES");

  private ServiceEnvironment() {}

  /** Takes away what no program must see that we start. */
  static void clean(Map<String, String> environment) {
    Stream.of(LIBRARIES, ENGINES, MANAGER).flatMap(List::stream).forEach(environment::remove);
  }

  /** What Podman's service of this user gets. */
  static Map<String, String> of(Map<String, String> ours) {
    Map<String, String> environment = new HashMap<>(ours);
    clean(environment);
    runtimeDirectory(ours)
        .ifPresentOrElse(
            own -> environment.put(RUNTIME, own.toString()), () -> environment.remove(RUNTIME));
    if (Endpoint.absolute(environment.getOrDefault(HOME, ""))
        .filter(PrivateDirectory::isOwn)
        .isEmpty()) {
      // Missing, or of whoever became this user. The JVM has asked the user database.
      environment.put(HOME, System.getProperty("user.home", "/"));
    }
    return environment;
  }

  /** Where this user's service listens: no other user may be able to make it. */
  static Path directory(Map<String, String> environment) {
    Optional<Path> runtime = runtimeDirectory(environment);
    if (runtime.isPresent()) {
      return runtime.get().resolve("boinc-docker");
    }
    int user = PrivateDirectory.user().orElse(0);
    return user == 0 ? Path.of("/run/boinc-docker") : Path.of("/tmp/boinc-docker-" + user);
  }

  /** The user's, also where nobody tells; never somebody else's. */
  private static Optional<Path> runtimeDirectory(Map<String, String> environment) {
    return Stream.concat(
            Endpoint.absolute(environment.getOrDefault(RUNTIME, "")).stream(),
            PrivateDirectory.user().map(user -> Path.of("/run/user/" + user)).stream())
        .filter(PrivateDirectory::isOwn)
        .findFirst();
  }
}
