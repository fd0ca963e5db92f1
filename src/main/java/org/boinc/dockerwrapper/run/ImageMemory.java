package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.FileTrouble;
import org.boinc.dockerwrapper.plan.JobPlan.ImageLife;

/**
 * Remembers the images that the wrapper brought into this engine for the job's project. Without a
 * BOINC client there is none who would clean up, and nothing is remembered.
 */
final class ImageMemory {
  /** Within this an image need not be noted again; much shorter than what spares it. */
  static final Duration UP_TO_DATE = Duration.ofMinutes(10);

  private final JobContext context;
  private final String endpoint;

  ImageMemory(JobContext context, String endpoint) {
    this.context = context;
    this.endpoint = endpoint;
  }

  /** Whether we brought this image here, and not the volunteer or another program. */
  boolean isOurs(String name, String id) {
    return read().stream().anyMatch(use -> isOf(use, name) && use.id().equals(id));
  }

  /** Whether {@link #used} would say anything new. */
  boolean isStale(String name, String id, ImageLife life) {
    ImageUse now = use(name, id, life);
    return read().stream()
        .noneMatch(
            use ->
                use.isOfSameKind(now)
                    && use.id().equals(id)
                    && now.lastUsed() - use.lastUsed() < UP_TO_DATE.toSeconds());
  }

  /**
   * Notes that the job uses this image, which is ours; the caller holds the project's lock. That it
   * can't be noted harms no job.
   */
  void used(String name, String id, ImageLife life) {
    if (ledger().isEmpty() || !isStale(name, id, life)) {
      return;
    }
    ImageUse now = use(name, id, life);
    List<ImageUse> uses = new ArrayList<>(read());
    // Once the name has a new image, the old one has no name by which we could remove it.
    uses.removeIf(use -> use.isOfSameKind(now) || (isOf(use, name) && !use.id().equals(id)));
    uses.add(now);
    write(uses);
  }

  /** The image was removed with the job; the caller holds the project's lock. */
  void forget(String name) {
    List<ImageUse> uses = new ArrayList<>(read());
    if (uses.removeIf(use -> isOf(use, name))) {
      write(uses);
    }
  }

  private ImageUse use(String name, String id, ImageLife life) {
    return new ImageUse(
        endpoint,
        name,
        id,
        life == ImageLife.JOB ? context.job().workunitName() : "",
        life == ImageLife.APP_VERSION ? context.job().appFiles() : List.of(),
        Instant.now().getEpochSecond());
  }

  private boolean isOf(ImageUse use, String name) {
    return use.endpoint().equals(endpoint) && use.name().equals(name);
  }

  private Optional<ImageLedger> ledger() {
    return context.channels().map(_ -> ImageLedger.of(context.job().projectDirectory()));
  }

  private List<ImageUse> read() {
    try {
      return ledger().isPresent() ? ledger().get().read() : List.of();
    } catch (IOException unreadable) {
      say(unreadable);
      return List.of();
    }
  }

  private void write(List<ImageUse> uses) {
    try {
      if (ledger().isPresent()) {
        ledger().get().write(uses);
      }
    } catch (IOException unwritable) {
      say(unwritable);
    }
  }

  private void say(IOException trouble) {
    context
        .log()
        .say("the list of this project's images can't be kept: " + FileTrouble.sentence(trouble));
  }
}
