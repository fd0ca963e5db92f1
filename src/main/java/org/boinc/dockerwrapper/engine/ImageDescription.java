package org.boinc.dockerwrapper.engine;

import java.util.List;
import org.boinc.dockerwrapper.plan.ImageFacts;

/** Reads the engine's description of an image (Docker API, ImageInspect). */
final class ImageDescription {
  private ImageDescription() {}

  static ImageFacts facts(Json image) {
    Json config = image.path("Config");
    return new ImageFacts(
        image.path("Id").text(),
        words(image.path("RepoDigests")),
        config.path("User").text(),
        config.path("WorkingDir").text(),
        words(config.path("Entrypoint")),
        words(config.path("Cmd")),
        image.path("Os").text(),
        image.path("Architecture").text(),
        config.path("Labels").texts(),
        words(config.path("Env")));
  }

  /** A list, or null for none. */
  private static List<String> words(Json list) {
    return list.items().map(Json::text).toList();
  }
}
