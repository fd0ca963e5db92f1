package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.simulate.SimulatedFile.Realisation;
import org.boinc.dockerwrapper.simulate.SimulatedFile.Role;

/**
 * What the client finds of one declared output when the job has ended (BOINC client/cs_apps.cpp).
 *
 * @param name the output's open_name
 * @param nbytes its size; empty if it is missing
 * @param problem why the result is not valid, a sentence
 */
public record OutputCheck(String name, OptionalLong nbytes, Optional<String> problem) {

  /**
   * Moves copied outputs into the project directory, then looks at every declared output but those
   * that were uploaded already.
   */
  static List<OutputCheck> collect(SimulatedSlot slot, EarlyUploads uploads) throws IOException {
    List<OutputCheck> checks = new ArrayList<>();
    for (SimulatedFile file : slot.files()) {
      if (file.role() == Role.OUTPUT && uploads.uploaded(file.logicalName()).isPresent()) {
        checks.add(
            new OutputCheck(
                file.logicalName(), uploads.uploaded(file.logicalName()), Optional.empty()));
      } else if (file.role() == Role.OUTPUT) {
        move(slot, file);
        checks.add(check(slot, file));
      }
    }
    return List.copyOf(checks);
  }

  /** Compares outputs byte for byte with the files of a directory; gives the differences. */
  static List<String> compare(SimulatedSlot slot, Path expected) throws IOException {
    List<String> differences = new ArrayList<>();
    try (Stream<Path> files = Files.walk(expected)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = expected.relativize(file).toString().replace('\\', '/');
        difference(slot, name, file).ifPresent(differences::add);
      }
    }
    return differences;
  }

  private static Optional<String> difference(SimulatedSlot slot, String name, Path expected)
      throws IOException {
    Optional<Path> output =
        slot.files().stream()
            .filter(file -> file.role() == Role.OUTPUT && file.logicalName().equals(name))
            .map(
                file ->
                    Files.exists(slot.onServer(file)) ? slot.onServer(file) : slot.inProject(file))
            .findFirst();
    if (output.isEmpty()) {
      return Optional.of(
          "expected/%s: no output of that open_name is declared in %s"
              .formatted(name, JobDirectory.OUTPUT_TEMPLATE));
    }
    if (!Files.isRegularFile(output.get())) {
      return Optional.of("output %s: missing, but expected".formatted(name));
    }
    long mismatch = Files.mismatch(output.get(), expected);
    return mismatch < 0
        ? Optional.empty()
        : Optional.of("output %s: differs from expected at byte %d".formatted(name, mismatch));
  }

  private static void move(SimulatedSlot slot, SimulatedFile file) throws IOException {
    Path inSlot = slot.directory().resolve(file.logicalName());
    if (file.realisation() == Realisation.COPY && Files.exists(inSlot)) {
      Files.move(inSlot, slot.inProject(file), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static OutputCheck check(SimulatedSlot slot, SimulatedFile file) throws IOException {
    String name = file.logicalName();
    Path path = slot.inProject(file);
    if (!Files.isRegularFile(path)) {
      return new OutputCheck(
          name,
          OptionalLong.empty(),
          file.optional()
              ? Optional.empty()
              : Optional.of("output %s: missing; the job must write it".formatted(name)));
    }
    long nbytes = Files.size(path);
    boolean tooLarge = file.maxNbytes().isPresent() && nbytes > file.maxNbytes().getAsLong();
    return new OutputCheck(
        name,
        OptionalLong.of(nbytes),
        tooLarge
            ? Optional.of(
                "output %s: has %d bytes, max_nbytes is %d"
                    .formatted(name, nbytes, file.maxNbytes().getAsLong()))
            : Optional.empty());
  }
}
