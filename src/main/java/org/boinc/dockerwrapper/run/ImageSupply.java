package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.boinc.dockerwrapper.boinc.HeadAndTail;
import org.boinc.dockerwrapper.boinc.StderrLog;
import org.boinc.dockerwrapper.engine.ArchiveRefusedException;
import org.boinc.dockerwrapper.engine.BuildFailed;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.Fault;
import org.boinc.dockerwrapper.engine.Images;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.ImagePlan;
import org.boinc.dockerwrapper.plan.JobPlan.ImageLife;
import org.boinc.dockerwrapper.plan.Labels;
import org.boinc.dockerwrapper.plan.Name;

/**
 * Comes by the job's image: the one that is there, or a new one that is built, pulled or loaded
 * under a lock.
 */
final class ImageSupply {
  /**
   * The image.
   *
   * @param tag what it is called, for its removal
   * @param ours false: it was there before and not of our making, so others may use it
   */
  record Supplied(String tag, ImageFacts facts, boolean ours) {}

  /** Told that an image of this name is about to be made; empty: one that is not ours. */
  @FunctionalInterface
  interface Fetching {
    void begins(String tag) throws IOException;
  }

  private static final int BUILD_EXCERPT = 6 * 1024;

  private final Images images;
  private final StderrLog log;
  private final BooleanSupplier networkAllowed;
  private final Fetching fetching;
  private final ImageMemory memory;
  private final ImageLife life;
  private final ImageDisk disk;
  private final long diskBytes;

  /**
   * For one fetch.
   *
   * @param networkAllowed asked before the network would be used
   * @param fetching told before an image is made
   * @param memory of the images that are ours
   * @param life how long the image is to stay
   * @param disk where the engine makes images
   * @param diskBytes what the job may use of it; 0: not limited
   */
  ImageSupply(
      Images images,
      StderrLog log,
      BooleanSupplier networkAllowed,
      Fetching fetching,
      ImageMemory memory,
      ImageLife life,
      ImageDisk disk,
      long diskBytes) {
    this.images = images;
    this.log = log;
    this.networkAllowed = networkAllowed;
    this.fetching = fetching;
    this.memory = memory;
    this.life = life;
    this.disk = disk;
    this.diskBytes = diskBytes;
  }

  Supplied obtain(ImagePlan plan, Path projectDirectory)
      throws EngineException, IOException, InterruptedException, StepFailure {
    return switch (plan) {
      case ImagePlan.Build build -> built(build, projectDirectory);
      case ImagePlan.Load load -> loaded(load, projectDirectory);
      case ImagePlan.Pull pull -> pulled(pull, projectDirectory);
    };
  }

  private Supplied built(ImagePlan.Build build, Path projectDirectory)
      throws EngineException, IOException, InterruptedException, StepFailure {
    if (build.labels().isEmpty()) {
      // A name that the job chose: whoever built an image of that name, it is the one meant.
      Optional<ImageFacts> present = images.find(build.name().preferred());
      if (present.isPresent()) {
        return present(build.name().preferred(), present.get(), projectDirectory);
      }
    }
    ImagePlan.Build keyed = withKey(build);
    try (ProjectLock _ = ProjectLock.acquire(projectDirectory)) {
      String tag = freeName(keyed);
      Optional<ImageFacts> present = images.find(tag).filter(image -> isCurrent(keyed, image));
      if (present.isPresent()) {
        return ours(tag, present.get());
      }
      needNetwork(tag);
      return ours(tag, build(keyed, tag));
    }
  }

  /** The caller holds the project's lock, so nobody removes it as unused meanwhile. */
  private Supplied ours(String tag, ImageFacts image) {
    memory.used(tag, image.id(), life);
    return new Supplied(tag, image, true);
  }

  /** One that is here under a name that anybody can give. */
  private Supplied present(String name, ImageFacts image, Path projectDirectory)
      throws IOException, InterruptedException {
    if (!memory.isOurs(name, image.id())) {
      return new Supplied(name, image, false);
    }
    if (memory.isStale(name, image.id(), life)) {
      try (ProjectLock _ = ProjectLock.acquire(projectDirectory)) {
        return ours(name, image);
      }
    }
    return new Supplied(name, image, true);
  }

  private static ImagePlan.Build withKey(ImagePlan.Build build) throws IOException {
    Map<String, String> labels = new HashMap<>(build.labels());
    if (!labels.isEmpty()) {
      labels.put(Labels.CONTEXT, ContextKey.of(build));
    }
    return new ImagePlan.Build(
        build.name(),
        labels,
        build.files(),
        build.dockerfile(),
        build.buildArgs(),
        build.target(),
        build.platform(),
        build.login(),
        build.timeout(),
        build.limits());
  }

  private static boolean isCurrent(ImagePlan.Build build, ImageFacts image) {
    return image.labels().entrySet().containsAll(build.labels().entrySet());
  }

  /** The preferred name, unless an image of another project or workunit has it. */
  private String freeName(ImagePlan.Build build) throws EngineException {
    Name name = build.name();
    if (build.labels().isEmpty()) {
      return name.qualified();
    }
    Map<String, String> owner = new HashMap<>(build.labels());
    owner.remove(Labels.CONTEXT);
    boolean foreign =
        images
            .find(name.preferred())
            .filter(image -> !image.labels().entrySet().containsAll(owner.entrySet()))
            .isPresent();
    return foreign ? name.qualified() : name.preferred();
  }

  private ImageFacts build(ImagePlan.Build build, String tag)
      throws EngineException, IOException, InterruptedException, StepFailure {
    log.say("building image " + tag);
    BuildLayers layers = new BuildLayers(disk);
    return disk.watched(diskBytes, () -> build(build, tag, layers), () -> layers.remove(images));
  }

  private ImageFacts build(ImagePlan.Build build, String tag, BuildLayers layers)
      throws EngineException, IOException, StepFailure {
    HeadAndTail output = new HeadAndTail(BUILD_EXCERPT / 3, BUILD_EXCERPT);
    try {
      return images.build(
          build,
          tag,
          line -> {
            layers.read(line);
            append(output, line);
          });
    } catch (EngineException e) {
      if (e.buildFailed().isEmpty()) {
        if (e.fault() == Fault.TIMEOUT) {
          throw RegistryFailure.tooSlow(e);
        }
        throw e;
      }
      log.importantBlock("output of the failed build", output.text());
      Failure failure = buildFailure(build, e, e.buildFailed().get());
      if (failure instanceof Failure.Job) {
        // They will never become an image.
        layers.remove(images);
      }
      throw new StepFailure(failure);
    }
  }

  /** What the author did wrong fails everywhere; for the rest a network or registry may be why. */
  private static Failure buildFailure(
      ImagePlan.Build build, EngineException e, BuildFailed failed) {
    if (failed.ranFull()) {
      return new Failure.Host(
          e.sentence() + "; by the build's output the disk is full", Duration.ZERO);
    }
    if (failed.exitCode().isPresent()) {
      return new Failure.Job(
          (build.limits().network()
                  ? "the image can't be built: a RUN command of '%s' ended with status %d; its output is above"
                  : "the image can't be built: a RUN command of '%s', which has no network as the job has none (network.mode), ended with status %d; its output is above")
              .formatted(build.dockerfile(), failed.exitCode().getAsInt()));
    }
    return failed.badRequest()
        ? new Failure.Job(
            "the image can't be built from '%s': %s".formatted(build.dockerfile(), e.sentence()))
        : new Failure.Host(e.sentence(), Duration.ZERO);
  }

  /**
   * A loaded image has the labels it was made with, so it gets the name that no other job can have.
   */
  private Supplied loaded(ImagePlan.Load load, Path projectDirectory)
      throws EngineException, IOException, InterruptedException, StepFailure {
    String tag = load.name().qualified();
    try (ProjectLock _ = ProjectLock.acquire(projectDirectory)) {
      Optional<ImageFacts> present = images.find(tag);
      if (present.isPresent()) {
        checkDigest(load.digest(), present.get(), "that is here as '" + tag + "'");
        return ours(tag, present.get());
      }
      ImageFacts image = disk.watched(0, () -> load(load, tag), () -> true);
      try {
        checkDigest(load.digest(), image, "in image.files");
      } catch (StepFailure altered) {
        images.remove(tag);
        throw altered;
      }
      return ours(tag, image);
    }
  }

  private ImageFacts load(ImagePlan.Load load, String tag)
      throws EngineException, IOException, StepFailure {
    try {
      return images.load(load, tag, diskBytes, line -> log.say("loading: " + line));
    } catch (ArchiveRefusedException refused) {
      String sentence = String.valueOf(refused.getMessage());
      throw new StepFailure(
          refused.isTooLarge()
              ? new Failure.Limit(LimitKind.DISK, sentence)
              : new Failure.Job(sentence));
    }
  }

  private Supplied pulled(ImagePlan.Pull pull, Path projectDirectory)
      throws EngineException, IOException, InterruptedException, StepFailure {
    Optional<ImageFacts> present = images.find(pull.reference());
    boolean goodEnough =
        switch (pull.when()) {
          case NEVER, MISSING -> present.isPresent();
          case ALWAYS -> false;
        };
    if (goodEnough) {
      checkDigest(pull.digest(), present.get(), "'" + pull.reference() + "'");
      return present(pull.reference(), present.get(), projectDirectory);
    }
    if (pull.when() == ImagePlan.Pull.When.NEVER) {
      throw new StepFailure(
          new Failure.Job(
              "image '%s' is not on this host and image.pull is \"never\""
                  .formatted(pull.reference())));
    }
    try (ProjectLock _ = ProjectLock.acquire(projectDirectory)) {
      boolean mine = present.isEmpty() || memory.isOurs(pull.reference(), present.get().id());
      needNetwork(mine ? pull.reference() : "");
      log.say("pulling image " + pull.reference());
      ImageFacts image = pull(pull);
      try {
        checkDigest(pull.digest(), image, "'" + pull.reference() + "'");
      } catch (StepFailure altered) {
        if (present.isEmpty()) {
          // It would be taken for the image of that name when the registry has the right one again.
          images.remove(pull.reference());
        }
        throw altered;
      }
      return mine ? ours(pull.reference(), image) : new Supplied(pull.reference(), image, false);
    }
  }

  private ImageFacts pull(ImagePlan.Pull pull)
      throws EngineException, IOException, InterruptedException, StepFailure {
    return disk.watched(
        0,
        () -> {
          try {
            return images.pull(pull, _ -> {});
          } catch (EngineException e) {
            throw RegistryFailure.of(e);
          }
        },
        () -> true);
  }

  private static void append(HeadAndTail output, String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    output.append(bytes, 0, bytes.length);
  }

  private void needNetwork(String tag) throws StepFailure, IOException {
    fetching.begins(tag);
    if (!networkAllowed.getAsBoolean()) {
      throw new StepFailure(new Failure.NetworkNeeded());
    }
  }

  private static void checkDigest(String digest, ImageFacts image, String what) throws StepFailure {
    if (digest.isEmpty() || image.id().equals(digest)) {
      return;
    }
    List<String> digests = image.repoDigests();
    if (digests.stream().noneMatch(known -> known.endsWith("@" + digest))) {
      throw new StepFailure(
          new Failure.Job(
              "the image %s is %s, not %s as image.digest says; it was altered, or the digest is out of date"
                  .formatted(what, image.id(), digest)));
    }
  }
}
