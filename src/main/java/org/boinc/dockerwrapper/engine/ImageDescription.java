package org.boinc.dockerwrapper.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.boinc.dockerwrapper.plan.ImageFacts;

/** Reads the engine's description of an image (Docker API, ImageInspect). */
final class ImageDescription {
  private ImageDescription() {}

  static ImageFacts facts(JsonNode image) {
    JsonNode config = image.path("Config");
    return new ImageFacts(
        image.path("Id").asText(""),
        words(image.path("RepoDigests")),
        config.path("User").asText(""),
        config.path("WorkingDir").asText(""),
        words(config.path("Entrypoint")),
        words(config.path("Cmd")),
        image.path("Os").asText(""),
        image.path("Architecture").asText(""),
        Sightings.texts(config.path("Labels")));
  }

  /** A list, or null for none. */
  private static List<String> words(JsonNode list) {
    return list.valueStream().map(word -> word.asText("")).toList();
  }
}
