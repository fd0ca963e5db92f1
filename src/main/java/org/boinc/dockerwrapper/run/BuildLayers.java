package org.boinc.dockerwrapper.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Images;

/**
 * What one build is at, and the layers that it leaves in the engine. Both are told only in the
 * lines of its output, among which commands of the build can mix their own: so no layer is removed
 * that the engine does not confirm to be new and nameless, and the disk's end is watched whatever
 * is told.
 */
final class BuildLayers {
  private static final Pattern STEP =
      Pattern.compile("step \\d+/\\d+ ?: *(\\w+)", Pattern.CASE_INSENSITIVE);

  private static final Pattern LAYER = Pattern.compile(" ?--+> ([0-9a-f]{10,64})");

  /** More than any Dockerfile makes. */
  private static final int MOST = 1000;

  private final ImageDisk disk;
  private final Instant since = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final List<String> layers = new ArrayList<>();

  BuildLayers(ImageDisk disk) {
    this.disk = disk;
    disk.counting(false);
  }

  /** A line of the build's output. */
  void read(String line) {
    Matcher step = STEP.matcher(line);
    if (step.lookingAt()) {
      disk.counting(!step.group(1).toUpperCase(Locale.ROOT).equals("FROM"));
      return;
    }
    Matcher layer = LAYER.matcher(line);
    if (layer.matches() && layers.size() < MOST) {
      layers.add(layer.group(1));
    }
  }

  /**
   * The last first: the others are what it stands on.
   *
   * @return false: the engine is still at one
   */
  boolean remove(Images images) throws EngineException {
    return images.removeLayers(layers.reversed(), since);
  }
}
