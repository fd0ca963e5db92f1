package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathStatTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  private Optional<PathStat> ask(String status) throws Exception {
    String answer = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
    try (CannedServer server = new CannedServer(CannedServer.Reach.TCP, directory, answer);
        EngineHttpClient http = new EngineHttpClient(server.endpoint(), PATIENCE);
        Session session = new Session(http, new ClientConfig(), PATIENCE, PATIENCE)) {
      return PathStat.of(session, "c", "work/out");
    }
  }

  @Test
  void aFileThatIsNotThereIsNone() throws Exception {
    assertTrue(ask("404 Not Found").isEmpty());
  }

  @Test
  void anEngineThatFailsDoesNotSayThatAFileIsMissing() {
    EngineException failed = assertThrows(EngineException.class, () -> ask("500 Oops"));
    assertEquals(Fault.REFUSED, failed.fault());
    assertTrue(failed.sentence().contains("/work/out in container c"), failed.sentence());
    assertEquals(
        Fault.UNREACHABLE,
        assertThrows(EngineException.class, () -> ask("503 Restarting")).fault());
  }
}
