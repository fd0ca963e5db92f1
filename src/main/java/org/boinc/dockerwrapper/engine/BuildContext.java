package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.plan.ImagePlan;
import org.boinc.dockerwrapper.plan.ImagePlan.ContextFile;

/** The files of a build as the engine gets them. */
final class BuildContext {
  private static final String IGNORE_FILE = ".dockerignore";

  /** What is beyond it is not read: every file of the context is held against every line. */
  private static final int LARGEST_IGNORE_FILE = 16 << 10;

  /** One time for all: the same files give the same archive, whenever they were downloaded. */
  private static final TarStream.Owner OWNER =
      new TarStream.Owner(0, 0, Optional.of(Instant.EPOCH));

  private BuildContext() {}

  static TarStream open(ImagePlan.Build plan) throws IOException {
    return new TarStream(items(plan), OWNER);
  }

  /**
   * What {@code .dockerignore} leaves; it and the Dockerfile always, as with Docker's own client,
   * because the engine reads both.
   */
  static List<TarItem> items(ImagePlan.Build plan) throws IOException {
    PathPatterns ignored = ignored(plan.files());
    Map<String, TarItem> items = new LinkedHashMap<>();
    for (ContextFile file : plan.files()) {
      for (TarItem item : TarItem.of(file.source(), file.name(), file.executable())) {
        boolean needed = item.name().equals(plan.dockerfile()) || item.name().equals(IGNORE_FILE);
        if (needed || !ignored.matches(item.name())) {
          items.put(item.name(), item);
        }
      }
    }
    return new ArrayList<>(items.values());
  }

  private static PathPatterns ignored(List<ContextFile> files) throws IOException {
    for (ContextFile file : files) {
      if (file.name().equals(IGNORE_FILE)) {
        try (InputStream text = Files.newInputStream(file.source())) {
          return PathPatterns.ofDockerignore(
              new String(text.readNBytes(LARGEST_IGNORE_FILE), StandardCharsets.UTF_8)
                  .lines()
                  .toList());
        }
      }
    }
    return new PathPatterns(List.of());
  }
}
