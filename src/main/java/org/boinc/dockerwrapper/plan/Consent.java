package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.job.ContainerSpec;
import org.boinc.dockerwrapper.job.Origin;
import org.boinc.dockerwrapper.job.ProjectConsent;
import org.boinc.dockerwrapper.job.SecurityRequest;
import org.boinc.dockerwrapper.job.SecurityRequest.HostMount;

/**
 * Holds what the job asks for under {@code [security]} against what the volunteer agreed to. What
 * lacks consent is refused in one sentence that says how to give it; what is never given is refused
 * whatever the policy says.
 */
final class Consent {
  /** Each of them opens the host itself: modules, raw memory, the clock, the kernel's own rules. */
  private static final Set<String> NEVER =
      Set.of(
          "ALL",
          "BPF",
          "MAC_ADMIN",
          "MAC_OVERRIDE",
          "SYSLOG",
          "SYS_BOOT",
          "SYS_MODULE",
          "SYS_RAWIO",
          "SYS_TIME");

  private static final Pattern CDI =
      Pattern.compile("[A-Za-z0-9.-]+/[A-Za-z0-9_.-]+=[A-Za-z0-9_.:-]+");

  private final PlanRequest request;
  private final SecurityRequest asked;
  private final ProjectConsent consent;
  private final List<Refusal> refusals;
  private final List<Refusals.Wish> wishes = new ArrayList<>();

  Consent(PlanRequest request, List<Refusal> refusals) {
    this.request = request;
    this.asked = request.spec().security();
    this.consent = request.volunteer().policy().consent(Names.project(request.job()));
    this.refusals = refusals;
  }

  /** What the container gets; where something lacks consent a refusal is added. */
  Privileges privileges() {
    SecurityRequest given = consent.given();
    List<String> caps = union(caps(), given.caps());
    List<String> devices = union(devices(), given.devices());
    Privileges privileges =
        new Privileges(
            caps.stream().filter(this::mayBeGiven).toList(),
            devices.stream()
                .filter(name -> !isCdi(name))
                .flatMap(name -> node(name).stream())
                .toList(),
            devices.stream().filter(Consent::isCdi).filter(this::engineKnows).toList(),
            Stream.concat(mounts().stream(), given.hostMounts().stream())
                .flatMap(mount -> bind(mount).stream())
                .distinct()
                .toList(),
            flag("host_network", asked.hostNetwork(), consent.agreed().hostNetwork()),
            flag("host_ipc", asked.hostIpc(), consent.agreed().hostIpc()),
            flag("public_ports", asked.publicPorts(), consent.agreed().publicPorts()),
            flag("all_gpus", asked.allGpus(), consent.agreed().allGpus()),
            asksForRoot() && rootAgreed(),
            request.volunteer().policy().cgroupParent());
    if (!wishes.isEmpty()) {
      refusals.add(Refusals.consent(wishes, Names.project(request.job()), request.volunteer()));
    }
    return privileges;
  }

  /** A rootless engine's root is an ordinary user of the host. */
  private boolean asksForRoot() {
    boolean userZero =
        request.spec().container().user() instanceof ContainerSpec.User.Ids(long uid, long _)
            && uid == 0;
    return (asked.root() || userZero) && !request.engine().rootless();
  }

  private boolean rootAgreed() {
    boolean known = consent.agreed().root();
    return asked.root()
        ? agreed("security.root", "true", "--root", known)
        : agreed("container.user", "0", "--root", known);
  }

  private List<String> caps() {
    return asked.caps().stream()
        .filter(
            cap ->
                NEVER.contains(cap)
                    || agreed(
                        "security.caps",
                        cap,
                        "--cap " + cap,
                        consent.agreed().caps().contains(cap)))
        .toList();
  }

  private boolean mayBeGiven(String cap) {
    if (NEVER.contains(cap)) {
      refusals.add(Refusals.neverGiven("security.caps", cap));
    }
    return !NEVER.contains(cap);
  }

  private List<String> devices() {
    return asked.devices().stream()
        .filter(
            name ->
                isDisk(name)
                    || agreed(
                        "security.devices",
                        name,
                        "--device " + name,
                        consent.agreed().devices().stream()
                            .anyMatch(known -> sameDevice(name, known))))
        .toList();
  }

  private boolean isDisk(String name) {
    return !isCdi(name) && at(name).kind() == HostPath.Kind.BLOCK_DEVICE;
  }

  private boolean sameDevice(String name, String known) {
    return name.equals(known) || (!isCdi(name) && real(name).equals(Path.of(known)));
  }

  private List<HostMount> mounts() {
    return asked.hostMounts().stream()
        .filter(
            mount ->
                isForbidden(mount)
                    || agreed(
                        "security.host_mounts",
                        mount.host(),
                        "--mount " + mount.host() + (mount.readOnly() ? ":ro" : ":rw"),
                        consent.agreed().hostMounts().stream()
                            .anyMatch(known -> covers(known, mount))))
        .toList();
  }

  /** A directory opens what is below it, by their real places: a link leads nowhere else. */
  private boolean covers(HostMount known, HostMount mount) {
    return real(mount.host()).startsWith(real(known.host()))
        && (mount.readOnly() || !known.readOnly());
  }

  private boolean flag(String key, boolean wanted, boolean known) {
    return wanted && agreed("security." + key, "true", "--" + key.replace('_', '-'), known);
  }

  /** Whether the volunteer agreed; what is asked for by an unsigned file needs to be allowed it. */
  private boolean agreed(String key, String value, String option, boolean known) {
    boolean signed = isSigned(key) || consent.unsigned();
    if (!known || !signed) {
      wishes.add(new Refusals.Wish(key, value, known ? "" : option, signed));
    }
    return known && signed;
  }

  /** Templates come from the app version only; a job.toml may come with the workunit. */
  private boolean isSigned(String key) {
    return request.spec().origin(key).source() == Origin.Source.TEMPLATE
        || request.appVersionFiles().contains(request.jobFile());
  }

  private Path real(String path) {
    return at(path).real();
  }

  private HostPath at(String path) {
    HostPath known = request.volunteer().paths().get(path);
    if (known == null) {
      throw new IllegalStateException("nobody looked at the host path " + path);
    }
    return known;
  }

  private static boolean isCdi(String device) {
    return CDI.matcher(device).matches();
  }

  private boolean engineKnows(String device) {
    boolean known = request.engine().cdi();
    if (!known) {
      refusals.add(Refusals.cdiUnknown(device, request.engine()));
    }
    return known;
  }

  private Optional<Path> node(String name) {
    HostPath node = at(name);
    return switch (node.kind()) {
      case CHARACTER_DEVICE -> Optional.of(node.real());
      case MISSING -> refused(Refusals.deviceMissing(name));
      case BLOCK_DEVICE -> refused(Refusals.neverGiven("security.devices", name));
      case DIRECTORY, OTHER -> refused(Refusals.notADevice(name));
    };
  }

  /** Nobody is asked to agree to what is refused whatever he says. */
  private boolean isForbidden(HostMount mount) {
    return ForbiddenPaths.forbids(real(mount.host()), request.job().dataDirectory());
  }

  private Optional<Mount.Bind> bind(HostMount mount) {
    HostPath directory = at(mount.host());
    if (isForbidden(mount)) {
      return refused(Refusals.neverGiven("security.host_mounts", mount.host()));
    }
    return switch (directory.kind()) {
      case DIRECTORY -> Optional.of(new Mount.Bind(directory.real(), mount.at(), mount.readOnly()));
      case MISSING, OTHER, CHARACTER_DEVICE, BLOCK_DEVICE ->
          refused(Refusals.notADirectory(mount.host()));
    };
  }

  private <T> Optional<T> refused(Refusal refusal) {
    refusals.add(refusal);
    return Optional.empty();
  }

  private static <T> List<T> union(List<T> one, List<T> other) {
    return Stream.concat(one.stream(), other.stream()).distinct().toList();
  }
}
