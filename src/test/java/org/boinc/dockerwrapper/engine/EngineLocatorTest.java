package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.EngineLocator.Located;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class EngineLocatorTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String PONG = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

  private static final Optional<Product> DOCKER = Optional.of(Product.DOCKER);
  private static final Optional<Endpoint> NOTHING = Optional.empty();
  private static final Optional<Product> PODMAN = Optional.of(Product.PODMAN);

  @TempDir Path directory;

  private Endpoint place(String name) {
    return new Endpoint.UnixSocket(directory.resolve(name));
  }

  @Test
  void theFirstThatAnswersIsTaken() throws Exception {
    try (CannedServer server = new CannedServer(directory, PONG)) {
      assertEquals(
          new Located.Found(server.endpoint()),
          EngineLocator.ask(
              List.of(place("absent"), server.endpoint(), place("later")),
              new ArrayList<>(),
              SHORT));
    }
  }

  @Test
  void dockerHostIsAskedFirst() throws Exception {
    try (CannedServer server = new CannedServer(directory, PONG)) {
      assertEquals(
          new Located.Found(server.endpoint()),
          EngineLocator.locate(
              linux(Map.of("DOCKER_HOST", server.endpoint().toString())), Optional.empty(), SHORT));
    }
  }

  @Test
  void everyFailedAttemptIsTold() throws Exception {
    Files.writeString(directory.resolve("file"), "no socket");
    try (CannedServer mute = new CannedServer(directory, "")) {
      Located.NotFound result =
          (Located.NotFound)
              EngineLocator.ask(
                  List.of(place("absent"), place("file"), mute.endpoint()),
                  new ArrayList<>(),
                  SHORT);
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
                linux(Map.of("DOCKER_HOST", "http://10.0.0.1")), Optional.empty(), SHORT);
    assertEquals(
        List.of("DOCKER_HOST is http://10.0.0.1: it must be " + Endpoint.FORMS), result.attempts());
  }

  private static EnginePlaces linux(Map<String, String> environment) {
    return EnginePlaces.of(environment, EnginePlaces.Platform.LINUX);
  }

  @Test
  void ofBothVariablesThePodmanOneCountsForWhoWantsPodman() throws Exception {
    try (CannedServer server = new CannedServer(directory, PONG)) {
      String answering = server.endpoint().toString();
      String absent = place("absent").toString();
      EnginePlaces both = linux(Map.of("DOCKER_HOST", absent, "CONTAINER_HOST", answering));
      assertEquals(new Located.Found(server.endpoint()), EngineLocator.locate(both, PODMAN, SHORT));
      for (Optional<Product> wanted : List.of(DOCKER, Optional.<Product>empty())) {
        assertInstanceOf(Located.NotFound.class, EngineLocator.locate(both, wanted, SHORT));
      }
      EnginePlaces one = linux(Map.of("CONTAINER_HOST", answering));
      assertEquals(
          new Located.Found(server.endpoint()), EngineLocator.locate(one, Optional.empty(), SHORT));
      EnginePlaces other = linux(Map.of("DOCKER_HOST", answering));
      assertEquals(
          new Located.Found(server.endpoint()), EngineLocator.locate(other, PODMAN, SHORT));
    }
  }

  @Test
  void theCommandLineIsAskedWhenNoSocketAnswers() throws Exception {
    try (CannedServer server = new CannedServer(directory, PONG)) {
      Path program = directory.resolve("podman");
      Endpoint.Command relay = StdioRelay.to(directory.resolve("s"));
      Files.writeString(program, "#!/bin/sh\nexec " + String.join(" ", relay.words()) + "\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      EnginePlaces places =
          EnginePlaces.of(Map.of("PATH", ".:" + directory), EnginePlaces.Platform.WINDOWS);
      Endpoint command = new Endpoint.Command(List.of(program.toString(), "system", "dial-stdio"));
      assertEquals(
          new Located.Found(command), EngineLocator.locate(places, PODMAN, Duration.ofSeconds(10)));
      assertEquals(1, server.connections());
    }
  }

  @Test
  void whereNothingIsThereEachPlaceHasItsSentence() throws Exception {
    EnginePlaces places = EnginePlaces.of(Map.of("PATH", ""), EnginePlaces.Platform.WINDOWS);
    Located.NotFound result =
        (Located.NotFound) EngineLocator.locate(places, Optional.empty(), SHORT);
    assertEquals(4, result.attempts().size(), result.toString());
    assertTrue(result.attempts().get(0).contains("\\\\.\\pipe\\docker_engine"), result.toString());
    assertTrue(result.attempts().get(1).contains("podman-machine-default"), result.toString());
    assertTrue(
        result.attempts().contains("there is no program docker on the PATH"), result.toString());
  }

  @Test
  void theRememberedEngineIsAskedAlone() throws Exception {
    EnginePlaces places = linux(Map.of());
    assertEquals(
        1,
        ((Located.NotFound)
                EngineLocator.remembered(place("gone").toString(), places, NOTHING, SHORT))
            .attempts()
            .size());
    assertEquals(
        List.of("the remembered engine npipe:x is not " + Endpoint.FORMS),
        ((Located.NotFound) EngineLocator.remembered("npipe:x", places, NOTHING, SHORT))
            .attempts());
  }

  @Test
  void aCommandInASlotIsOnlyRunIfThisHostNamesIt() throws Exception {
    Path trace = directory.resolve("trace");
    String command = "command:touch " + trace;
    Located.NotFound refused =
        (Located.NotFound) EngineLocator.remembered(command, linux(Map.of()), NOTHING, SHORT);
    assertTrue(refused.attempts().getFirst().contains("no longer names"), refused.toString());
    assertFalse(Files.exists(trace));
    EnginePlaces named = linux(Map.of("DOCKER_HOST", command));
    Located.NotFound silent =
        (Located.NotFound)
            EngineLocator.remembered(command, named, NOTHING, Duration.ofSeconds(10));
    assertTrue(
        silent.attempts().getFirst().contains("ended with status 0 and said nothing"),
        silent.toString());
    assertTrue(Files.exists(trace));
  }

  /** A program of that name stands in for the one of Windows. */
  @Test
  void anEngineInALinuxSystemOfWindowsIsReachedThroughWsl() throws Exception {
    try (CannedServer server = new CannedServer(directory, PONG)) {
      Endpoint.Command relay = StdioRelay.to(directory.resolve("s"));
      Path wsl = directory.resolve("wsl");
      Files.writeString(
          wsl,
          """
          #!/bin/sh
          [ "$1 $2 $3 $4 $5 $6" = "-d my distro -u root --exec sh" ] && exec %s
          """
              .formatted(String.join(" ", relay.words())));
      Files.setPosixFilePermissions(wsl, PosixFilePermissions.fromString("rwxr-xr-x"));
      EnginePlaces places =
          EnginePlaces.of(Map.of("PATH", directory.toString()), EnginePlaces.Platform.WINDOWS);
      Optional<Endpoint> inside = places.inDistro("my distro", true, Product.PODMAN);
      Located found = EngineLocator.at(inside.orElseThrow(), Duration.ofSeconds(10));
      assertEquals(new Located.Found(inside.orElseThrow()), found);
      String remembered = inside.orElseThrow().toString();
      assertEquals(
          found, EngineLocator.remembered(remembered, places, inside, Duration.ofSeconds(10)));
      assertInstanceOf(
          Located.NotFound.class, EngineLocator.remembered(remembered, places, NOTHING, SHORT));
      assertEquals(2, server.connections());
      assertEquals(NOTHING, linux(Map.of()).inDistro("x", false, Product.DOCKER));
    }
  }
}
