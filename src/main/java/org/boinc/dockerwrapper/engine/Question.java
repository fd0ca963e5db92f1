package org.boinc.dockerwrapper.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A question to the engine whose answer is read as a tree. Through docker-java's own classes it
 * would cost ten times as much: a wrapper asks each once in its life, and most of that time goes
 * into building a reader for hundreds of fields that nobody looks at.
 *
 * @param path of the API, without a version
 */
record Question(String path) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Question version() {
    return new Question("/version");
  }

  static Question info() {
    return new Question("/info");
  }

  /** All containers, in whatever state, with all of these labels. */
  static Question containers(Map<String, String> labels) {
    List<String> pairs =
        labels.entrySet().stream().map(label -> label.getKey() + "=" + label.getValue()).toList();
    String filters = JSON.valueToTree(Map.of("label", pairs)).toString();
    return new Question("/containers/json?all=true&filters=" + encode(filters));
  }

  static Question container(String id, boolean withSize) {
    return new Question("/containers/" + encode(id) + "/json" + (withSize ? "?size=true" : ""));
  }

  static Question image(String reference) {
    return new Question("/images/" + encode(reference) + "/json");
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The answer; empty where the engine knows no such thing. */
  Optional<JsonNode> ask(Session session, String what) throws EngineException {
    Request request = Request.builder().method(Request.Method.GET).path(path).build();
    try (Response response = session.http().execute(request)) {
      byte[] body = response.getBody().readAllBytes();
      return switch (response.getStatusCode()) {
        case 200 -> Optional.of(JSON.readTree(body));
        case 404 -> Optional.empty();
        default ->
            throw EngineException.ofAnswer(
                what, response.getStatusCode(), new String(body, StandardCharsets.UTF_8));
      };
    } catch (IOException | RuntimeException e) {
      throw Session.fault(what, e);
    }
  }

  /** The answer to what every engine knows. */
  JsonNode demand(Session session, String what) throws EngineException {
    return ask(session, what)
        .orElseThrow(() -> EngineException.of(Fault.NOT_FOUND, what, "the engine has no " + path));
  }
}
