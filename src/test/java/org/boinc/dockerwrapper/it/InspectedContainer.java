package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.time.Duration;
import org.boinc.dockerwrapper.engine.EngineHttpClient;

/** What the engine itself says of a container, in its own words. */
final class InspectedContainer {
  private InspectedContainer() {}

  /** The answer to {@code docker inspect}. */
  static JsonNode of(TestEngine engine, String id) throws IOException {
    Request request =
        Request.builder().method(Request.Method.GET).path("/containers/" + id + "/json").build();
    try (EngineHttpClient http = new EngineHttpClient(engine.endpoint(), Duration.ofSeconds(30));
        Response response = http.execute(request)) {
      assertEquals(200, response.getStatusCode());
      return new ObjectMapper().readTree(response.getBody());
    }
  }

  /** The body of the one request to create a container that went through a proxy. */
  static JsonNode requested(FaultyProxy proxy) throws IOException {
    String body =
        proxy.requests().stream()
            .filter(request -> request.line().contains("/containers/create"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no container was asked for"))
            .body();
    return new ObjectMapper().readTree(body);
  }
}
