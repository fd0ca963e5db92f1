package org.boinc.dockerwrapper.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.job.ImageReference;
import org.boinc.dockerwrapper.job.ImageSpec;
import org.boinc.dockerwrapper.job.VolunteerPolicy;

/**
 * Which registries an image may come from, and which are shown the job's login: those of the image,
 * and no other.
 */
final class RegistryPlanning {
  private static final String DOCKER_HUB = "docker.io";

  /** {@code image.registry} is for a password or a token, not for a document. */
  private static final int LONGEST_PASSWORD = 64 << 10;

  /** A stage of a Dockerfile; one whose name is put together from arguments is not looked into. */
  private static final Pattern FROM =
      Pattern.compile(
          "(?im)^[ \\t]*FROM[ \\t]+(?:--\\S+[ \\t]+)*(\\S+)(?:[ \\t]+AS[ \\t]+(\\S+))?");

  private final PlanRequest request;
  private final ImageSpec asked;
  private final List<Refusal> refusals;

  RegistryPlanning(PlanRequest request, List<Refusal> refusals) {
    this.request = request;
    this.asked = request.spec().image();
    this.refusals = refusals;
  }

  /** For an image that is pulled. */
  Optional<RegistryLogin> forImage(String name) {
    check(name, !asked.digest().isEmpty());
    return login(Stream.of(name));
  }

  /** For the images that a Dockerfile begins with. */
  Optional<RegistryLogin> forStages(String dockerfile) {
    String text = request.texts().getOrDefault(dockerfile, "");
    stages(text).forEach(name -> check(name, false));
    return login(stages(text));
  }

  /** A stage that begins with another one pulls nothing. */
  private static Stream<String> stages(String text) {
    Set<String> named =
        FROM.matcher(text)
            .results()
            .flatMap(stage -> Stream.ofNullable(stage.group(2)))
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return FROM.matcher(text)
        .results()
        .map(stage -> stage.group(1))
        .filter(name -> !name.equals("scratch") && !named.contains(name.toLowerCase(Locale.ROOT)));
  }

  /** What the volunteer lets an engine fetch; a name put together from arguments could be any. */
  private void check(String name, boolean pinned) {
    VolunteerPolicy policy = request.volunteer().policy();
    Optional<ImageReference> image = ImageReference.parse(name);
    String registry =
        image.map(known -> known.registry().orElse(DOCKER_HUB)).orElse("a registry not known yet");
    if (!policy.registries().isEmpty() && !policy.registries().contains(registry)) {
      refusals.add(Refusals.registry(name, registry, request.volunteer()));
    }
    if (policy.pin() && !pinned && image.flatMap(ImageReference::digest).isEmpty()) {
      refusals.add(Refusals.unpinned(name, request.volunteer()));
    }
  }

  private Optional<RegistryLogin> login(Stream<String> images) {
    if (asked.registry().isEmpty()) {
      return Optional.empty();
    }
    ImageSpec.RegistryLogin login = asked.registry().get();
    List<String> registries =
        images
            .flatMap(name -> ImageReference.parse(name).stream())
            .map(image -> image.registry().orElse(DOCKER_HUB))
            .distinct()
            .toList();
    return password(login.passwordFile())
        .map(password -> new RegistryLogin(registries, login.user(), password));
  }

  private Optional<String> password(String file) {
    if (SlotFiles.readable(request.slot(), "image.registry", file, refusals).isEmpty()) {
      return Optional.empty();
    }
    String password = request.texts().getOrDefault(file, "").strip();
    if (password.isEmpty() || password.length() > LONGEST_PASSWORD) {
      refusals.add(Refusals.noPassword(file, password.isEmpty() ? "empty" : "larger than 64 KiB"));
      return Optional.empty();
    }
    return Optional.of(password);
  }
}
