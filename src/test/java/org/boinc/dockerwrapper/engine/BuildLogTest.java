package org.boinc.dockerwrapper.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.BuildResponseItem;
import com.github.dockerjava.core.DockerClientConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BuildLogTest {
  private static final ObjectMapper JSON = DockerClientConfig.getDefaultObjectMapper();

  private final List<String> output = new ArrayList<>();
  private final BuildLog log = new BuildLog(output::add);

  private void feed(String... items) throws JsonProcessingException {
    for (String item : items) {
      log.accept(JSON.readValue(item, BuildResponseItem.class));
    }
    log.end();
  }

  @Test
  void piecesBecomeLines() throws Exception {
    feed("{\"stream\":\"a\"}", "{\"stream\":\"b\\r\\n\\nc\\n\"}", "{\"stream\":\"end\"}");
    assertEquals(List.of("ab", "c", "end"), output);
  }

  @Test
  void coloursAndBellsAreTakenOut() throws Exception {
    feed("{\"stream\":\"\\u001b[91mred\\u001b[0m \\u0007ta\\tb\\n\"}");
    assertEquals(List.of("red ta\tb"), output);
  }

  @Test
  void progressIsToldOnce() throws Exception {
    feed(
        "{\"status\":\"Pulling\",\"id\":\"abc\",\"progressDetail\":{}}",
        "{\"status\":\"Downloading\",\"id\":\"abc\",\"progressDetail\":{\"current\":1,\"total\":9}}",
        "{\"status\":\"Done\",\"id\":\"abc\",\"progressDetail\":{}}");
    assertEquals(List.of("abc: Pulling", "abc: Done"), output);
  }

  @Test
  void onlyTheFieldsSayHowItEnded() throws Exception {
    feed("{\"stream\":\"Successfully built 0123\\nError: failed\\n\"}");
    assertEquals(Optional.empty(), log.imageId());
    assertEquals(Optional.empty(), log.error());
    feed("{\"aux\":{\"ID\":\"sha256:1\"}}");
    assertEquals(Optional.of("sha256:1"), log.imageId());
    feed("{\"errorDetail\":{\"code\":9,\"message\":\"exit 9\"},\"error\":\"exit 9\"}");
    assertEquals(Optional.of("exit 9"), log.error());
    assertEquals(OptionalInt.of(9), log.failure().exitCode());
  }

  @Test
  void anOldEnginesErrorCountsToo() throws Exception {
    feed("{\"error\":\"no\"}");
    assertEquals(Optional.of("no"), log.error());
    assertEquals(OptionalInt.empty(), log.failure().exitCode());
  }

  @Test
  void theTailIsBounded() throws Exception {
    for (int i = 0; i < 100; i++) {
      feed("{\"stream\":\"" + i + "x".repeat(10_000) + "\\n\"}");
    }
    assertEquals(40, log.failure().tail().size());
    assertEquals(4096, log.failure().tail().getLast().length());
    assertEquals("99x", log.failure().tail().getLast().substring(0, 3));
  }
}
