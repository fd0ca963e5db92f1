package org.boinc.dockerwrapper.engine;

import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Docker's own command line would connect to, as far as its configuration says so: contexts
 * and certificates. Nothing else of it is looked at.
 */
final class DockerConfig {
  private static final String DEFAULT_CONTEXT = "default";

  private final Map<String, String> environment;

  DockerConfig(Map<String, String> environment) {
    this.environment = environment;
  }

  /** An endpoint with the certificates that the environment tells to use. */
  Optional<Endpoint> withTls(String text) {
    boolean tls = !value("DOCKER_TLS_VERIFY").isEmpty() || !value("DOCKER_TLS").isEmpty();
    if (!tls || !text.startsWith(Endpoint.TCP) || text.contains("?")) {
      return Endpoint.parse(text);
    }
    Optional<Path> certificates = Endpoint.absolute(value("DOCKER_CERT_PATH")).or(this::directory);
    return certificates.isEmpty()
        ? Optional.empty()
        : TcpText.read(text, certificates).map(Endpoint.class::cast);
  }

  /**
   * Where the current context points; empty for the default one, which points nowhere in
   * particular.
   *
   * @param problems takes a sentence where it can't be used
   */
  Optional<Endpoint> context(List<String> problems) {
    Optional<Path> directory = directory();
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    String name = "";
    try {
      name = currentContext(directory.get().resolve("config.json"));
      if (name.isEmpty() || name.equals(DEFAULT_CONTEXT)) {
        return Optional.empty();
      }
      Optional<Endpoint> found = endpoint(directory.get().resolve("contexts"), name);
      if (found.isEmpty()) {
        problems.add(
            "Docker's context \"%s\" names no endpoint that can be used, below %s"
                .formatted(name, directory.get().resolve("contexts")));
      }
      return found;
    } catch (IOException | JsonParseException unreadable) {
      problems.add(
          "Docker's context%s can't be read: %s"
              .formatted(name.isEmpty() ? "" : " \"" + name + "\"", unreadable.getMessage()));
      return Optional.empty();
    }
  }

  private String currentContext(Path config) throws IOException {
    String told = value("DOCKER_CONTEXT");
    if (!told.isEmpty()) {
      return told;
    }
    try {
      return Json.parse(Files.readAllBytes(config)).path("currentContext").text();
    } catch (NoSuchFileException none) {
      return "";
    }
  }

  /** Each context has a directory of its own, named after a digest. */
  private static Optional<Endpoint> endpoint(Path contexts, String name) throws IOException {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(contexts.resolve("meta"))) {
      for (Path directory : directories) {
        Path file = directory.resolve("meta.json");
        if (!Files.isRegularFile(file)) {
          continue;
        }
        Json meta = Json.parse(Files.readAllBytes(file));
        if (meta.path("Name").text().equals(name)) {
          String host = meta.path("Endpoints").path("docker").path("Host").text();
          Path tls = contexts.resolve("tls").resolve(directory.getFileName()).resolve("docker");
          return host.startsWith(Endpoint.TCP) && Files.isDirectory(tls)
              ? TcpText.read(host, Optional.of(tls)).map(Endpoint.class::cast)
              : Endpoint.parse(host);
        }
      }
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private Optional<Path> directory() {
    return Endpoint.absolute(value("DOCKER_CONFIG"))
        .or(() -> Endpoint.absolute(value("HOME")).map(home -> home.resolve(".docker")))
        .or(() -> Endpoint.absolute(value("USERPROFILE")).map(home -> home.resolve(".docker")));
  }

  private String value(String variable) {
    return environment.getOrDefault(variable, "");
  }
}
