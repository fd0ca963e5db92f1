package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import java.util.List;
import java.util.Map;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.jspecify.annotations.Nullable;

/** Reads the engine's description of an image. */
final class ImageDescription {
  private ImageDescription() {}

  static ImageFacts facts(InspectImageResponse image) {
    ContainerConfig config = image.getConfig();
    return new ImageFacts(
        orEmpty(image.getId()),
        image.getRepoDigests() == null ? List.of() : List.copyOf(image.getRepoDigests()),
        config == null ? "" : orEmpty(config.getUser()),
        config == null ? "" : orEmpty(config.getWorkingDir()),
        config == null ? List.of() : list(config.getEntrypoint()),
        config == null ? List.of() : list(config.getCmd()),
        orEmpty(image.getOs()),
        orEmpty(image.getArch()),
        config == null || config.getLabels() == null ? Map.of() : Map.copyOf(config.getLabels()));
  }

  private static List<String> list(String @Nullable [] words) {
    return words == null ? List.of() : List.of(words);
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }
}
