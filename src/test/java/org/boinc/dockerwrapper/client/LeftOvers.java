package org.boinc.dockerwrapper.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.engine.ContainerSighting;
import org.boinc.dockerwrapper.engine.EngineHttpClient;
import org.boinc.dockerwrapper.it.Await;
import org.boinc.dockerwrapper.it.TestEngine;
import org.boinc.dockerwrapper.plan.Labels;

/**
 * What the jobs of one project left on this machine, as the engine and the kernel say it
 * themselves.
 *
 * @param project its label
 * @param data the client's data directory
 */
record LeftOvers(TestEngine engine, String project, Path data) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Empty as soon as nothing is left; what is left when it is too long. */
  List<String> awaitNone(long client) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<String> left = all(client);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(Duration.ofMillis(100));
      left = all(client);
    }
    return left;
  }

  private List<String> all(long client) throws Exception {
    List<String> left = new ArrayList<>();
    containers()
        .forEach(found -> left.add("container %s (%s)".formatted(found.name(), found.state())));
    images(false).forEach(id -> left.add("image " + id));
    networks().forEach(id -> left.add("network " + id));
    processes().stream()
        .filter(process -> process.pid() != client)
        .forEach(process -> left.add("process " + process.info()));
    left.addAll(slotFiles());
    left.addAll(filesOfRoot());
    return left;
  }

  private List<ContainerSighting> containers() throws Exception {
    return engine.engine().containers().find(Map.of(Labels.PROJECT, project));
  }

  /** An app version's image stays on purpose, until its app version leaves. */
  private List<String> images(boolean ofAppVersions) throws IOException {
    List<String> ids = new ArrayList<>();
    for (JsonNode image : listed("/images/json")) {
      if (ofAppVersions || !image.path("Labels").has(Labels.APP_VERSION)) {
        ids.add(image.path("Id").asText());
      }
    }
    return ids;
  }

  private List<String> networks() throws IOException {
    List<String> ids = new ArrayList<>();
    listed("/networks").forEach(network -> ids.add(network.path("Name").asText()));
    return ids;
  }

  private JsonNode listed(String path) throws IOException {
    String filters = "{\"label\":[\"%s=%s\"]}".formatted(Labels.PROJECT, project);
    Request request =
        Request.builder()
            .method(Request.Method.GET)
            .path(path + "?filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8))
            .build();
    try (EngineHttpClient http = new EngineHttpClient(engine.endpoint(), PATIENCE);
        Response response = http.execute(request)) {
      if (response.getStatusCode() != 200) {
        throw new IOException(path + ": the engine answers " + response.getStatusCode());
      }
      return new ObjectMapper().readTree(response.getBody());
    }
  }

  /** Whoever works in the data directory: the client, wrappers and what they started. */
  private List<ProcessHandle> processes() {
    return workingIn(data);
  }

  /** The processes whose current directory is this one, or one below. */
  static List<ProcessHandle> workingIn(Path directory) {
    return ProcessHandle.allProcesses()
        .filter(process -> worksIn(directory, process.pid()))
        .toList();
  }

  private static boolean worksIn(Path directory, long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"))
          .startsWith(directory);
    } catch (IOException endedOrNotOurs) {
      return false;
    }
  }

  private List<String> slotFiles() throws IOException {
    Path slots = data.resolve("slots");
    if (!Files.isDirectory(slots)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(slots, 2)) {
      return files
          .filter(file -> slots.relativize(file).getNameCount() == 2)
          .map(file -> "in a slot: " + slots.relativize(file))
          .toList();
    }
  }

  /** The client's user could not delete these; it owns all that the tests put there. */
  private List<String> filesOfRoot() throws IOException {
    Optional<String> owner = Optional.of(Files.getOwner(data).getName());
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.exists(file) && !owner.get().equals(Files.getOwner(file).getName())) {
          found.add("of user %s: %s".formatted(Files.getOwner(file), file));
        }
      }
    }
    return found;
  }

  /** Ends and removes everything; the client is dead already. */
  void remove() throws Exception {
    processes().forEach(ProcessHandle::destroyForcibly);
    Await.until("the wrappers are dead", PATIENCE, () -> processes().isEmpty());
    for (ContainerSighting container : containers()) {
      engine.engine().containers().remove(container.id());
    }
    for (String image : images(true)) {
      engine.engine().images().remove(image);
    }
  }
}
