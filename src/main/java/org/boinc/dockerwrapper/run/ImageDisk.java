package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;

/**
 * Ends the making of an image that takes more of the disk than the job may use, or nearly all that
 * is free. No engine tells how much a build has written so far, so it looks at how much is free
 * where the engine writes.
 */
final class ImageDisk {
  /** What fills the disk is done through this. */
  @FunctionalInterface
  interface Making<T> {
    T make() throws EngineException, IOException, StepFailure;
  }

  /** A disk takes a gigabyte a second. */
  private static final Duration PERIOD = Duration.ofMillis(200);

  /** Other programs write to the same disk, too: growth below this says nothing of the image. */
  private static final long LEAST = 256L << 20;

  /** One part of what was free stays free. */
  private static final int PARTS = 10;

  /** What the engine removes of a build that was broken off. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Engine engine;
  private volatile boolean counting = true;

  ImageDisk(Engine engine) {
    this.engine = engine;
  }

  /**
   * Whether what is written from now on is the job's doing. What a build begins with comes from a
   * registry, and may be larger than all that the job writes.
   */
  void counting(boolean value) {
    counting = value;
  }

  /**
   * Makes it under watch.
   *
   * @param limit bytes; 0: none but the disk's end
   * @param cleanUp removes what is left of it when it was broken off
   * @throws StepFailure where it was broken off
   */
  <T> T watched(long limit, Making<T> making, CleanUp cleanUp)
      throws EngineException, IOException, InterruptedException, StepFailure {
    List<Watch> watches = engine.storage().stream().map(place -> new Watch(place, limit)).toList();
    watches.forEach(Watch::start);
    T made;
    try {
      made = making.make();
    } catch (EngineException | IOException | StepFailure e) {
      for (Watch watch : watches) {
        watch.stop();
        if (watch.tripped) {
          throw new StepFailure(watch.failure(cleanUp));
        }
      }
      throw e;
    } finally {
      watches.forEach(Watch::stop);
    }
    return made;
  }

  /** Takes away what was made so far; false: not all of it could go yet. */
  @FunctionalInterface
  interface CleanUp {
    boolean run() throws EngineException;
  }

  /** One place, for the time of one making. */
  private final class Watch {
    private final Path place;
    private final LongSupplier free;
    private final long limit;
    private final long floor;
    private final Thread thread =
        Thread.ofPlatform().daemon().name("image-disk").unstarted(this::run);
    private volatile boolean stopped;
    private volatile boolean tripped;
    private long last;
    private long taken;

    Watch(Path place, long limit) {
      this.place = place;
      this.free = () -> place.toFile().getUsableSpace();
      this.limit = limit;
      this.last = free.getAsLong();
      this.floor = last / PARTS;
    }

    /** A place that this user can't see has nothing free. */
    void start() {
      if (last > 0) {
        thread.start();
      }
    }

    void stop() {
      stopped = true;
    }

    private void run() {
      try {
        while (!stopped && !isOver()) {
          Thread.sleep(PERIOD);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!stopped) {
        tripped = true;
        engine.cancel();
      }
    }

    private boolean isOver() {
      long now = free.getAsLong();
      taken = counting ? Math.max(0, taken + last - now) : taken;
      last = now;
      return now < floor || exceedsLimit();
    }

    private boolean exceedsLimit() {
      return limit > 0 && taken > Math.max(limit, LEAST);
    }

    /** Another program may have filled the disk: what was the image's is free again without it. */
    Failure failure(CleanUp cleanUp) throws EngineException, InterruptedException {
      boolean over = exceedsLimit();
      long wanted = over ? last + Math.max(limit, LEAST) / 2 : 0;
      long end = System.nanoTime() + PATIENCE.toNanos();
      boolean clean = cleanUp.run();
      while ((!clean || free.getAsLong() < wanted) && System.nanoTime() < end) {
        Thread.sleep(PERIOD);
        clean = clean || cleanUp.run();
      }
      if (over && free.getAsLong() >= wanted) {
        return new Failure.Limit(
            LimitKind.DISK,
            "making the image took %d MiB of disk, more than the job's limit of %d MiB (rsc_disk_bound or resources.disk)"
                .formatted(taken >> 20, limit >> 20));
      }
      return new Failure.Host(
          over
              ? "making the image was broken off: something else fills the disk of %s, where the engine keeps images"
                  .formatted(place)
              : "making the image was broken off: of the disk of %s, where the engine keeps images, only %d MiB were left"
                  .formatted(place, last >> 20),
          Duration.ZERO);
    }
  }
}
