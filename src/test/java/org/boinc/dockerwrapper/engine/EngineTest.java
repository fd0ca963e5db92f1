package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.boinc.dockerwrapper.plan.EngineFacts.Product;
import org.boinc.dockerwrapper.plan.HostFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class EngineTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What Docker 20.10.24 answers to /info, shortened. */
  private static final String DOCKER =
      "{\"NCPU\":2,\"MemTotal\":25275674624,\"Architecture\":\"x86_64\",\"ServerVersion\":\"20.10.24\","
          + "\"SecurityOptions\":[\"name=seccomp,profile=default\"]}";

  /** What Podman 4.3.1 does for an ordinary user, shortened. */
  private static final String PODMAN =
      "{\"NCPU\":4,\"MemTotal\":1024,\"Architecture\":\"arm64\",\"ServerVersion\":\"4.3.1\","
          + "\"SecurityOptions\":[\"name=seccomp,profile=default\",\"name=rootless\"]}";

  @TempDir Path directory;

  private static String answer(String headers, String body) {
    return "HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(headers, body.length(), body);
  }

  private static EngineFacts facts(CannedServer server) throws EngineException {
    try (Engine engine = Engine.connect(server.endpoint(), PATIENCE)) {
      return engine.facts();
    }
  }

  @Test
  void dockerIsKnownByWhatItSaysOfItself() throws Exception {
    String head = "Api-Version: 1.41\r\nServer: Docker/20.10.24 (linux)\r\n";
    try (CannedServer server = new CannedServer(directory, answer(head, DOCKER))) {
      assertEquals(
          new EngineFacts(
              Product.DOCKER,
              "20.10.24",
              false,
              "amd64",
              2,
              25_275_674_624L,
              server.endpoint().toString(),
              HostFiles.SAME,
              false),
          facts(server));
      assertEquals(List.of("GET /_ping HTTP/1.1", "GET /info HTTP/1.1"), requests(server));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null", "[\"/etc/cdi\"]"})
  void anEngineThatReadsCdiFilesSaysSo(String directories) throws Exception {
    String head = "Api-Version: 1.44\r\nServer: Docker/25.0.1 (linux)\r\n";
    String body = "{\"ServerVersion\":\"25.0.1\",\"CDISpecDirs\":%s}".formatted(directories);
    try (CannedServer server = new CannedServer(directory, answer(head, body))) {
      assertEquals(directories.contains("etc"), facts(server).cdi());
    }
  }

  @Test
  void podmanIsKnownByAHeaderOfItsOwn() throws Exception {
    String head = "Api-Version: 1.41\r\nLibpod-Api-Version: 4.3.1\r\n";
    try (CannedServer server = new CannedServer(directory, answer(head, PODMAN))) {
      EngineFacts facts = facts(server);
      assertEquals(Product.PODMAN, facts.product());
      assertEquals("4.3.1", facts.version());
      assertTrue(facts.cdi());
    }
  }

  @ParameterizedTest
  @CsvSource({"aarch64,arm64", "i686,386", "armv7l,arm", "riscv64,riscv64", "s390x,s390x"})
  void architecturesHaveTheNamesThatImagesUse(String told, String name) throws Exception {
    String info = "{\"Architecture\":\"%s\"}".formatted(told);
    try (CannedServer server = new CannedServer(directory, answer("", info))) {
      assertEquals(name, facts(server).architecture());
    }
  }

  @Test
  void whatIsNoEngineIsNotConnectedTo() throws Exception {
    String refusal = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nNo";
    try (CannedServer server = new CannedServer(directory, refusal)) {
      EngineException thrown = assertThrows(EngineException.class, () -> facts(server));
      assertEquals(Fault.NOT_FOUND, thrown.fault());
      assertTrue(thrown.sentence().contains("who it is"), thrown.sentence());
    }
  }

  private static List<String> requests(CannedServer server) {
    return server.heads().stream().map(head -> head.lines().findFirst().orElseThrow()).toList();
  }
}
