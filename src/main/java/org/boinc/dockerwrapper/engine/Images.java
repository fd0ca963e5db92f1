package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.command.BuildImageCmd;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.model.BuildResponseItem;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.ImagePlan;

/** Comes by images. Every action may be repeated; none leaves a temporary file. */
public final class Images {
  private final Sessions sessions;
  private static final int LISTINGS = 5;

  private final Optional<PodmanTraits> podman;

  Images(Sessions sessions, Optional<PodmanTraits> podman) {
    this.sessions = sessions;
    this.podman = podman;
  }

  /** What the engine says of a local image, by ID, name or digest. */
  public Optional<ImageFacts> find(String reference) throws EngineException {
    try (Session session = sessions.action()) {
      return find(session, reference);
    }
  }

  /** Whatever images there are, but for the steps of builds. */
  public List<ListedImage> list() throws EngineException {
    try (Session session = sessions.action()) {
      return list(session, "listing images");
    }
  }

  static List<ListedImage> list(Session session, String what) throws EngineException {
    for (int attempt = 1; ; attempt++) {
      try {
        return session
            .demand(what, EngineRequest.get("/images/json"))
            .items()
            .map(Listings::image)
            .toList();
      } catch (EngineException e) {
        // Podman gives no list while one of the images in it is being removed.
        if (e.fault() != Fault.CONFLICT || attempt == LISTINGS) {
          throw e;
        }
      }
    }
  }

  static Optional<ImageFacts> find(Session session, String reference) throws EngineException {
    return session
        .ask("inspecting image " + reference, EngineRequest.inspectImage(reference))
        .map(ImageDescription::facts);
  }

  /**
   * Builds an image and tags it.
   *
   * @param output gets each line of the build's output
   * @throws EngineException with {@link EngineException#buildFailed} if the build, not the engine,
   *     failed
   * @throws IOException if a file of the context cannot be read
   */
  public ImageFacts build(ImagePlan.Build plan, String tag, Consumer<String> output)
      throws EngineException, IOException {
    String what = "building image " + tag;
    BuildLog log = new BuildLog(output);
    try (Session session = sessions.transfer(Duration.ZERO);
        InputStream context = BuildContext.open(plan)) {
      try {
        session.stream(
            what,
            plan.timeout(),
            podman.isPresent() ? PodmanTraits.buildNetwork(plan.limits().network()) : "",
            docker -> request(docker.buildImageCmd(context), plan, tag),
            (BuildResponseItem item) -> log.accept(item));
      } catch (EngineException refused) {
        throw refused.fault() == Fault.REFUSED
            ? EngineException.ofBuild(
                refused,
                new BuildFailed(
                    List.of(refused.sentence()), OptionalInt.empty(), refused.isBadRequest()))
            : refused;
      } finally {
        log.end();
      }
      if (log.error().isPresent()) {
        throw failed(what, log.error().get(), log.failure());
      }
      return find(session, log.imageId().orElse(tag))
          .orElseThrow(
              () ->
                  EngineException.ofBuild(
                      what, "the engine reported no image and no error", log.failure()));
    }
  }

  private EngineException failed(String what, String said, BuildFailed failed) {
    return EngineException.ofBuild(
        what, said, podman.map(traits -> traits.buildFailed(said, failed)).orElse(failed));
  }

  private BuildImageCmd request(BuildImageCmd command, ImagePlan.Build plan, String tag) {
    command
        .withTags(Set.of(tag))
        .withDockerfilePath(plan.dockerfile())
        .withLabels(plan.labels())
        .withRemove(true)
        .withForcerm(true);
    limit(command, plan.limits());
    plan.buildArgs().forEach(command::withBuildArg);
    plan.login().map(RegistryLogins::forBuild).ifPresent(command::withBuildAuthConfigs);
    if (!plan.target().isEmpty()) {
      command.withTarget(plan.target());
    }
    if (!plan.platform().isEmpty()) {
      command.withPlatform(plan.platform());
    }
    return command;
  }

  private void limit(BuildImageCmd command, ImagePlan.BuildLimits limits) {
    if (limits.memoryBytes() > 0) {
      command
          .withMemory(limits.memoryBytes())
          .withMemswap(limits.memoryBytes())
          .withCpushares(Integer.toString(limits.cpuShares()));
    }
    if (!limits.network() && podman.isEmpty()) {
      command.withNetworkMode("none");
    }
  }

  /**
   * Fetches an image from its registry, with the job's own login or none, never the volunteer's.
   *
   * @throws EngineException NOT_FOUND if the registry does not have it
   */
  public ImageFacts pull(ImagePlan.Pull plan, Consumer<String> output) throws EngineException {
    String what = "pulling image " + plan.reference();
    BuildLog log = new BuildLog(output);
    try (Session session = sessions.transfer(Duration.ZERO)) {
      session.stream(
          what,
          plan.timeout(),
          docker -> {
            PullImageCmd command = docker.pullImageCmd(plan.reference());
            plan.login().map(RegistryLogins::forPull).ifPresent(command::withAuthConfig);
            return plan.platform().isEmpty() ? command : command.withPlatform(plan.platform());
          },
          (PullResponseItem item) -> log.accept(item));
      return loaded(session, what, log, plan.reference());
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  private ImageFacts loaded(Session session, String what, BuildLog log, String reference)
      throws EngineException {
    log.end();
    if (log.error().isPresent()) {
      throw podman.isPresent()
          ? podman.get().notPulled(what, log.error().get())
          : EngineException.inStream(what, log.error().get());
    }
    return find(session, reference)
        .orElseThrow(() -> EngineException.of(Fault.REFUSED, what, "the image is not there after"));
  }

  /**
   * Loads the archives in their order and tags the image of the last one; the others hold layers
   * that it builds on. No archive leaves a name of its own, nor takes one from another image.
   *
   * @param diskBytes what the job may use of the disk; 0: not limited
   * @throws ArchiveRefusedException if an archive would become too large
   * @throws IOException if an archive cannot be read
   */
  public ImageFacts load(ImagePlan.Load plan, String tag, long diskBytes, Consumer<String> output)
      throws EngineException, IOException {
    try (Session session = sessions.transfer(Duration.ZERO)) {
      return new ImageLoad(session, podman, output).load(plan, tag, diskBytes);
    }
  }

  /** Gives an image a further name. */
  public void tag(String imageId, String reference) throws EngineException {
    try (Session session = sessions.action()) {
      tag(session, imageId, reference);
    }
  }

  static void tag(Session session, String imageId, String reference) throws EngineException {
    int colon = reference.lastIndexOf(':');
    boolean tagged = colon > reference.lastIndexOf('/');
    String repository = tagged ? reference.substring(0, colon) : reference;
    String tag = tagged ? reference.substring(colon + 1) : "latest";
    session.call(
        "tagging image " + imageId + " as " + reference,
        docker -> docker.tagImageCmd(imageId, repository, tag).exec());
  }

  /**
   * Removes what a build has left, as far as it is its own: made since then, and without a name.
   *
   * @param ids beginnings of image IDs; others are passed over
   * @return false: one is still in use
   */
  public boolean removeLayers(List<String> ids, Instant since) throws EngineException {
    String what = "removing the layers of a build";
    try (Session session = sessions.action()) {
      Set<String> left =
          session
              .demand(what, EngineRequest.get("/images/json", Map.of("all", "true")))
              .items()
              .map(Listings::image)
              .filter(image -> image.names().isEmpty() && !image.created().isBefore(since))
              .map(ListedImage::id)
              .collect(Collectors.toSet());
      boolean all = true;
      for (String id : ids) {
        for (String whole : left) {
          if (whole.startsWith("sha256:" + id)) {
            all &= remove(session, whole);
          }
        }
      }
      return all;
    }
  }

  /**
   * Removes a name, and the image with its last name.
   *
   * @return false: a container uses it, so it stays
   */
  public boolean remove(String reference) throws EngineException {
    try (Session session = sessions.action()) {
      return remove(session, reference);
    }
  }

  static boolean remove(Session session, String reference) throws EngineException {
    try {
      session.call(
          "removing image " + reference, docker -> docker.removeImageCmd(reference).exec());
      return true;
    } catch (EngineException e) {
      return switch (e.fault()) {
        case NOT_FOUND -> true;
        case CONFLICT -> false;
        default -> throw e;
      };
    }
  }
}
