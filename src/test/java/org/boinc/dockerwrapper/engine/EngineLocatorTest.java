package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.EngineLocator.Located;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class EngineLocatorTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String PONG = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

  @TempDir Path directory;

  private Endpoint place(String name) {
    return new Endpoint.UnixSocket(directory.resolve(name));
  }

  @Test
  void anEndpointIsReadAsItIsWritten() {
    assertEquals(
        Optional.of(new Endpoint.UnixSocket(Path.of("/run/x.sock"))),
        Endpoint.parse("unix:///run/x.sock"));
    assertEquals(
        "unix:///run/x.sock", Endpoint.parse("unix:///run/x.sock").orElseThrow().toString());
    assertEquals(Optional.empty(), Endpoint.parse("unix://relative"));
    assertEquals(Optional.empty(), Endpoint.parse("tcp://127.0.0.1:2375"));
    assertEquals(Optional.empty(), Endpoint.parse("unix://\0"));
  }

  @Test
  void theFirstThatAnswersIsTaken() throws Exception {
    try (CannedServer server = new CannedServer(directory, PONG)) {
      assertEquals(
          new Located.Found(server.endpoint()),
          EngineLocator.locate(
              Map.of(), List.of(place("absent"), server.endpoint(), place("later")), SHORT));
    }
  }

  @Test
  void dockerHostIsAskedFirst() throws Exception {
    try (CannedServer server = new CannedServer(directory, PONG)) {
      assertEquals(
          new Located.Found(server.endpoint()),
          EngineLocator.locate(
              Map.of("DOCKER_HOST", server.endpoint().toString()),
              List.of(place("absent")),
              SHORT));
    }
  }

  @Test
  void everyFailedAttemptIsTold() throws Exception {
    Files.writeString(directory.resolve("file"), "no socket");
    try (CannedServer mute = new CannedServer(directory, "")) {
      Located.NotFound result =
          (Located.NotFound)
              EngineLocator.locate(
                  Map.of(), List.of(place("absent"), place("file"), mute.endpoint()), SHORT);
      List<String> attempts = result.attempts();
      assertEquals(3, attempts.size());
      assertTrue(attempts.get(0).contains("there is no socket"), attempts.get(0));
      assertTrue(attempts.get(1).contains("nobody answers"), attempts.get(1));
      assertTrue(attempts.get(2).contains("no answer within 300 ms"), attempts.get(2));
    }
  }

  @Test
  void anEngineThatIsNamedIsTheOnlyOneAsked() throws Exception {
    Located.NotFound result =
        (Located.NotFound)
            EngineLocator.locate(
                Map.of("DOCKER_HOST", "tcp://10.0.0.1:2375"), List.of(place("absent")), SHORT);
    assertEquals(
        List.of("DOCKER_HOST is tcp://10.0.0.1:2375: only unix:///path is supported"),
        result.attempts());
  }

  @Test
  void theRememberedEngineIsAskedAlone() throws Exception {
    assertEquals(
        1,
        ((Located.NotFound) EngineLocator.remembered(place("gone").toString(), SHORT))
            .attempts()
            .size());
    assertEquals(
        List.of("the remembered engine npipe:x is no unix:///path"),
        ((Located.NotFound) EngineLocator.remembered("npipe:x", SHORT)).attempts());
  }

  @Test
  void theUsersOwnPlacesAreAskedToo() {
    List<String> places =
        EngineLocator.standardPlaces(Map.of("XDG_RUNTIME_DIR", "/run/user/7")).stream()
            .map(Endpoint::toString)
            .toList();
    assertEquals(
        List.of(
            "unix:///var/run/docker.sock",
            "unix:///run/user/7/docker.sock",
            "unix:///run/user/7/podman/podman.sock",
            "unix:///run/podman/podman.sock"),
        places);
  }
}
