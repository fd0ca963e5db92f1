package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.command.BuildImageCmd;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.BuildResponseItem;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.api.model.LoadResponseItem;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.ImagePlan;

/** Comes by images. Every action may be repeated; none leaves a temporary file. */
public final class Images {
  /** The engine's last word on a load; only asked where the archive could not be read here. */
  private static final Pattern LOADED = Pattern.compile("Loaded image(?: ID)?: (\\S+)");

  private final Sessions sessions;

  Images(Sessions sessions) {
    this.sessions = sessions;
  }

  /** What the engine says of a local image, by ID, name or digest. */
  public Optional<ImageFacts> find(String reference) throws EngineException {
    try (Session session = sessions.action()) {
      return find(session, reference);
    }
  }

  private static Optional<ImageFacts> find(Session session, String reference)
      throws EngineException {
    return session.call(
        "inspecting image " + reference,
        docker -> {
          try {
            return Optional.of(ImageDescription.facts(docker.inspectImageCmd(reference).exec()));
          } catch (NotFoundException absent) {
            return Optional.empty();
          }
        });
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
            docker -> request(docker.buildImageCmd(context), plan, tag),
            (BuildResponseItem item) -> log.accept(item));
      } catch (EngineException refused) {
        throw refused.fault() == Fault.REFUSED
            ? EngineException.ofBuild(
                refused, new BuildFailed(List.of(refused.sentence()), OptionalInt.empty()))
            : refused;
      } finally {
        log.end();
      }
      if (log.error().isPresent()) {
        throw EngineException.ofBuild(what, log.error().get(), log.failure());
      }
      return find(session, log.imageId().orElse(tag))
          .orElseThrow(
              () ->
                  EngineException.ofBuild(
                      what, "the engine reported no image and no error", log.failure()));
    }
  }

  private static BuildImageCmd request(BuildImageCmd command, ImagePlan.Build plan, String tag) {
    command
        .withTags(Set.of(tag))
        .withDockerfilePath(plan.dockerfile())
        .withLabels(plan.labels())
        .withRemove(true)
        .withForcerm(true);
    plan.buildArgs().forEach(command::withBuildArg);
    if (!plan.target().isEmpty()) {
      command.withTarget(plan.target());
    }
    if (!plan.platform().isEmpty()) {
      command.withPlatform(plan.platform());
    }
    return command;
  }

  /**
   * Fetches an image from its registry, without the volunteer's registry passwords.
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
            return plan.platform().isEmpty() ? command : command.withPlatform(plan.platform());
          },
          (PullResponseItem item) -> log.accept(item));
      return loaded(session, what, log, plan.reference());
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  private static ImageFacts loaded(Session session, String what, BuildLog log, String reference)
      throws EngineException {
    log.end();
    if (log.error().isPresent()) {
      throw EngineException.inStream(what, log.error().get());
    }
    return find(session, reference)
        .orElseThrow(() -> EngineException.of(Fault.REFUSED, what, "the image is not there after"));
  }

  /**
   * Loads the archives in their order and tags the image of the last one; the others hold layers
   * that it builds on.
   *
   * @throws IOException if an archive cannot be read
   */
  public ImageFacts load(ImagePlan.Load plan, String tag, Consumer<String> output)
      throws EngineException, IOException {
    try (Session session = sessions.transfer(Duration.ZERO)) {
      Optional<ImageFacts> last = Optional.empty();
      for (Path archive : plan.archives()) {
        last = Optional.of(load(session, archive, plan.timeout(), output));
      }
      String what = "loading image " + tag;
      ImageFacts image =
          last.orElseThrow(() -> EngineException.of(Fault.REFUSED, what, "there is no archive"));
      tag(session, image.id(), tag);
      return image;
    }
  }

  private static ImageFacts load(
      Session session, Path archive, Duration limit, Consumer<String> output)
      throws EngineException, IOException {
    String what = "loading image archive " + archive;
    Optional<ImageArchive> index = ImageArchive.read(archive);
    if (index.isPresent() && index.get().images() > 1) {
      throw EngineException.of(
          Fault.REFUSED,
          what,
          "it holds " + index.get().images() + " images, and only one can run");
    }
    Set<String> said = new HashSet<>();
    BuildLog log =
        new BuildLog(
            line -> {
              Matcher matcher = LOADED.matcher(line);
              if (matcher.find()) {
                said.add(matcher.group(1));
              }
              output.accept(line);
            });
    Set<String> before = imageIds(session, what);
    try (InputStream bytes = new BufferedInputStream(Files.newInputStream(archive), 1 << 16)) {
      session.stream(
          what,
          limit,
          docker -> docker.loadImageAsyncCmd(bytes),
          (LoadResponseItem item) -> log.accept(item));
    }
    log.end();
    if (log.error().isPresent()) {
      throw EngineException.inStream(what, log.error().get());
    }
    List<String> names = new ArrayList<>(index.map(ImageArchive::names).orElse(List.of()));
    if (names.isEmpty()) {
      names.addAll(imageIds(session, what).stream().filter(id -> !before.contains(id)).toList());
      names.addAll(said);
    }
    for (String name : names) {
      Optional<ImageFacts> image = find(session, name);
      if (image.isPresent()) {
        return image.get();
      }
    }
    throw EngineException.of(Fault.REFUSED, what, "no image of it is there after");
  }

  private static Set<String> imageIds(Session session, String what) throws EngineException {
    return session.call(
        what,
        docker -> {
          Set<String> ids = new HashSet<>();
          for (Image image : docker.listImagesCmd().exec()) {
            ids.add(image.getId());
          }
          return ids;
        });
  }

  /** Gives an image a further name. */
  public void tag(String imageId, String reference) throws EngineException {
    try (Session session = sessions.action()) {
      tag(session, imageId, reference);
    }
  }

  private static void tag(Session session, String imageId, String reference)
      throws EngineException {
    int colon = reference.lastIndexOf(':');
    boolean tagged = colon > reference.lastIndexOf('/');
    String repository = tagged ? reference.substring(0, colon) : reference;
    String tag = tagged ? reference.substring(colon + 1) : "latest";
    session.call(
        "tagging image " + imageId + " as " + reference,
        docker -> docker.tagImageCmd(imageId, repository, tag).exec());
  }

  /**
   * Removes a name, and the image with its last name.
   *
   * @return false: a container uses it, so it stays
   */
  public boolean remove(String reference) throws EngineException {
    try (Session session = sessions.action()) {
      return session.call(
          "removing image " + reference,
          docker -> {
            try {
              docker.removeImageCmd(reference).exec();
              return true;
            } catch (NotFoundException gone) {
              return true;
            } catch (ConflictException used) {
              return false;
            }
          });
    }
  }
}
