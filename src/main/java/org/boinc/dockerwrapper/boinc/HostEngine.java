package org.boinc.dockerwrapper.boinc;

import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.InitData.EngineHint;

/**
 * What {@code <host_info>} tells of the engine that the client found (runtime reference 3.2, 7).
 */
final class HostEngine {
  /** The Linux system that BOINC itself installs on Windows. */
  private static final String BOINCS_OWN = "boinc-buda-runner";

  /** The last version of it whose user is not root's. */
  private static final int LAST_WITHOUT_ROOT = 3;

  private HostEngine() {}

  /** Of the host itself, or on Windows in the Linux system that the client takes. */
  static Optional<EngineHint> of(BoincXml host) {
    return type(host)
        .map(type -> new EngineHint(host.text("docker_version"), type))
        .or(() -> inWsl(host.child("wsl")));
  }

  /** BOINC's own before any other, and none that the volunteer has forbidden. */
  private static Optional<EngineHint> inWsl(BoincXml wsl) {
    List<EngineHint> found =
        wsl.children("distro").stream()
            .filter(distro -> !distro.flag("disallowed"))
            .map(HostEngine::inDistro)
            .flatMap(Optional::stream)
            .toList();
    return found.stream()
        .filter(hint -> hint.distro().filter(HostEngine::isBoincsOwn).isPresent())
        .findFirst()
        .or(() -> found.stream().findFirst());
  }

  private static boolean isBoincsOwn(EngineHint.Distro distro) {
    return distro.name().equals(BOINCS_OWN);
  }

  private static Optional<EngineHint> inDistro(BoincXml distro) {
    String name = distro.text("distro_name");
    boolean withoutRoot =
        name.equals(BOINCS_OWN) && distro.integer("distro_version").orElse(1) <= LAST_WITHOUT_ROOT;
    return type(distro)
        .filter(_ -> !name.isEmpty())
        .map(
            type ->
                new EngineHint(
                    distro.text("docker_version"),
                    type,
                    Optional.of(
                        new EngineHint.Distro(
                            name, type == EngineHint.Type.PODMAN && !withoutRoot))));
  }

  private static Optional<EngineHint.Type> type(BoincXml element) {
    return switch ((int) element.integer("docker_type").orElse(0)) {
      case 1 -> Optional.of(EngineHint.Type.DOCKER);
      case 2 -> Optional.of(EngineHint.Type.PODMAN);
      default -> Optional.empty();
    };
  }
}
