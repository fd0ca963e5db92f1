package org.boinc.dockerwrapper.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.job.PolicyReader;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.job.VolunteerPolicy;

/** What lies in the client's data directory. */
final class ClientFiles {
  private static final String STATE = "client_state.xml";
  private static final int LARGEST = 64 << 20;
  private static final Pattern TRUE =
      Pattern.compile("<dont_use_(docker|podman)>\\s*1|<dont_use_(docker|podman)\\s*/>");

  private ClientFiles() {}

  /** Of client_state.xml, which the client writes as it goes (BOINC client/cs_statefile.cpp). */
  static HostFacts.Client client(Optional<Path> data) throws IOException {
    if (data.isEmpty()) {
      return new HostFacts.Client(data, false, Optional.empty(), Optional.empty(), false);
    }
    Path state = data.get().resolve(STATE);
    boolean readable =
        Files.isReadable(data.get()) && (Files.isReadable(state) || Files.notExists(state));
    String text = readable ? text(state) : "";
    Optional<String> major = element(text, "core_client_major_version");
    Optional<String> minor = element(text, "core_client_minor_version");
    Optional<String> release = element(text, "core_client_release");
    return new HostFacts.Client(
        data,
        readable,
        major
            .flatMap(a -> minor.flatMap(b -> release.map(c -> a + "." + b + "." + c)))
            .filter(version -> version.matches("\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}")),
        element(text, "docker_version").filter(version -> !version.isEmpty()),
        TRUE.matcher(text(data.get().resolve("cc_config.xml"))).find());
  }

  private static Optional<String> element(String text, String tag) {
    Matcher found = Pattern.compile("<%1$s>([^<]*)</%1$s>".formatted(tag)).matcher(text);
    return found.find() ? Optional.of(found.group(1).strip()) : Optional.empty();
  }

  private static String text(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return "";
    }
    try (var stream = Files.newInputStream(file)) {
      return new String(stream.readNBytes(LARGEST), StandardCharsets.UTF_8);
    }
  }

  static HostFacts.Policy policy(Optional<Path> data) throws IOException {
    Path file = data.orElse(Path.of("")).resolve(VolunteerPolicy.FILE);
    if (data.isEmpty() || !Files.exists(file)) {
      return new HostFacts.Policy(file, false, false, Optional.empty());
    }
    boolean open =
        Files.getFileStore(file).supportsFileAttributeView("posix")
            && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE);
    if (!Files.isReadable(file)) {
      return new HostFacts.Policy(
          file, true, open, Optional.of(file + " can't be read by this user"));
    }
    return new HostFacts.Policy(
        file,
        true,
        open,
        PolicyReader.read(Files.readAllBytes(file), file.toString()).problems().stream()
            .map(Problem::toString)
            .findFirst());
  }
}
