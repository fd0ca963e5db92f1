package org.boinc.dockerwrapper.engine;

import com.github.dockerjava.api.model.LoadResponseItem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.plan.ImageFacts;
import org.boinc.dockerwrapper.plan.ImagePlan;

/** Brings the image of one job's archives into the engine. */
final class ImageLoad {
  /** The engine's word for what it has loaded: an image's name, or its ID where it has none. */
  private static final Pattern LOADED = Pattern.compile("Loaded image(?: ID)?: (\\S+)");

  /** Programs and data are hardly ever compressed better: so many times its size is honest. */
  private static final long MOST_COMPRESSED = 10;

  private final Session session;
  private final Optional<PodmanTraits> podman;
  private final Consumer<String> output;
  private final Set<String> said = new HashSet<>();

  ImageLoad(Session session, Optional<PodmanTraits> podman, Consumer<String> output) {
    this.session = session;
    this.podman = podman;
    this.output = output;
  }

  /**
   * @param diskBytes what the job may use; 0: not limited
   */
  ImageFacts load(ImagePlan.Load plan, String tag, long diskBytes)
      throws EngineException, IOException {
    String what = "loading image " + tag;
    Map<String, String> before = owners(what);
    Optional<ImageFacts> last = Optional.empty();
    try {
      List<Path> parts = new ArrayList<>();
      for (Path archive : plan.archives()) {
        parts.add(archive);
        Optional<ImageArchive> index = ImageArchive.read(archive, most(archive, diskBytes));
        if (index.isPresent() || archive.equals(plan.archives().getLast())) {
          last = Optional.of(load(List.copyOf(parts), index, plan.timeout()));
          parts.clear();
        }
      }
      ImageFacts image =
          last.orElseThrow(() -> EngineException.of(Fault.REFUSED, what, "there is no archive"));
      Images.tag(session, image.id(), tag);
      return image;
    } finally {
      giveBack(before, tag);
    }
  }

  /**
   * An archive says itself what its image is called. Kept, such a name would keep the image after
   * its job, and a job could put its own image in the place of one that others use.
   */
  private void giveBack(Map<String, String> before, String tag) throws EngineException {
    for (String name : said) {
      String owner = before.get(name);
      Set<String> spellings = podman.map(traits -> traits.names(name)).orElse(Set.of(name));
      if (owner != null) {
        Images.tag(session, owner, name);
      } else if (!name.startsWith("sha256:")
          && !spellings.contains(tag)
          && !spellings.contains(tag + ":latest")) {
        Images.remove(session, name);
      }
    }
  }

  private static long most(Path archive, long diskBytes) throws IOException {
    return diskBytes == 0
        ? Long.MAX_VALUE
        : Math.max(diskBytes, MOST_COMPRESSED * Files.size(archive));
  }

  /** Loads an archive, of which all parts but the last have no index. */
  private ImageFacts load(List<Path> parts, Optional<ImageArchive> index, Duration limit)
      throws EngineException, IOException {
    String what = "loading image archive " + parts.getLast();
    if (index.isPresent() && index.get().images() > 1) {
      throw EngineException.of(
          Fault.REFUSED,
          what,
          "it holds " + index.get().images() + " images, and only one can run");
    }
    Set<String> before = imageIds(what);
    Set<String> saidNow = stream(parts, what, limit);
    List<String> names = new ArrayList<>(index.map(ImageArchive::names).orElse(List.of()));
    if (names.isEmpty()) {
      names.addAll(imageIds(what).stream().filter(id -> !before.contains(id)).toList());
      names.addAll(saidNow);
    }
    for (String name : names) {
      Optional<ImageFacts> image = Images.find(session, name);
      if (image.isPresent()) {
        return image.get();
      }
    }
    throw EngineException.of(Fault.REFUSED, what, "no image of it is there after");
  }

  /** What the engine says that it has loaded. */
  private Set<String> stream(List<Path> parts, String what, Duration limit)
      throws EngineException, IOException {
    Set<String> loaded = new HashSet<>();
    BuildLog log =
        new BuildLog(
            line -> {
              Matcher matcher = LOADED.matcher(line);
              if (matcher.find()) {
                loaded.add(matcher.group(1));
                said.add(matcher.group(1));
              }
              output.accept(line);
            });
    try (InputStream archive = open(parts, what)) {
      session.stream(
          what,
          limit,
          docker -> docker.loadImageAsyncCmd(archive),
          (LoadResponseItem item) -> log.accept(item));
    }
    log.end();
    if (log.error().isPresent()) {
      throw EngineException.inStream(what, log.error().get());
    }
    return loaded;
  }

  private InputStream open(List<Path> parts, String what) throws EngineException, IOException {
    if (parts.size() > 1) {
      return ImageArchive.join(parts);
    }
    InputStream file = new BufferedInputStream(Files.newInputStream(parts.getFirst()), 1 << 16);
    return podman.isPresent() ? podman.get().plain(what, file) : file;
  }

  private Set<String> imageIds(String what) throws EngineException {
    Set<String> ids = new HashSet<>();
    for (ListedImage image : Images.list(session, what)) {
      ids.add(image.id());
    }
    return ids;
  }

  /** The image of each name, as the engine spells it. */
  private Map<String, String> owners(String what) throws EngineException {
    Map<String, String> owners = new HashMap<>();
    for (ListedImage image : Images.list(session, what)) {
      image.names().forEach(name -> owners.put(name, image.id()));
    }
    return owners;
  }
}
