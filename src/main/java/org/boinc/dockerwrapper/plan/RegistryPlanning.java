package org.boinc.dockerwrapper.plan;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.job.ImageReference;
import org.boinc.dockerwrapper.job.ImageSpec;

/** Which registry is shown the job's login: those of the image, and no other. */
final class RegistryPlanning {
  private static final String DOCKER_HUB = "docker.io";

  /** {@code image.registry} is for a password or a token, not for a document. */
  private static final int LONGEST_PASSWORD = 64 << 10;

  /** A stage of a Dockerfile; one whose name is put together from arguments is not looked into. */
  private static final Pattern FROM =
      Pattern.compile("(?im)^[ \\t]*FROM[ \\t]+(?:--\\S+[ \\t]+)*(\\S+)");

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
    return login(Stream.of(name));
  }

  /** For the images that a Dockerfile begins with. */
  Optional<RegistryLogin> forStages(String dockerfile) {
    String text = request.texts().getOrDefault(dockerfile, "");
    return login(FROM.matcher(text).results().map(stage -> stage.group(1)));
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
