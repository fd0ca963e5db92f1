package org.boinc.dockerwrapper.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.job.Problem.Severity;

/**
 * A docker_wrapper as one file, the app version's main program.
 *
 * @param platform BOINC's name of the platform it runs on
 */
public record WrapperProgram(Path file, String platform) {
  /** Of BOINC's tools/project.xml, those where containers run. */
  private static final Set<String> KNOWN =
      Set.of(
          "windows_x86_64",
          "windows_arm64",
          "windows_intelx86",
          "x86_64-pc-linux-gnu",
          "i686-pc-linux-gnu",
          "aarch64-unknown-linux-gnu",
          "arm-unknown-linux-gnueabihf",
          "x86_64-apple-darwin",
          "arm64-apple-darwin");

  /** Refuses, in a sentence, a platform that can't be part of a directory's name. */
  public WrapperProgram {
    if (!ReleaseName.isDirectoryPart(platform)) {
      throw new IllegalArgumentException(
          "platform '%s' can't be part of a directory's name; write BOINC's own name, such as x86_64-pc-linux-gnu"
              .formatted(platform));
    }
  }

  /** What would keep it from being started, one sentence each. */
  List<Problem> problems() throws IOException {
    if (!Files.isRegularFile(file)) {
      return List.of(problem(Severity.ERROR, "is not there, or no file"));
    }
    List<Problem> problems = new ArrayList<>();
    Optional<ProgramKind> kind = ProgramKind.of(file);
    if (kind.isEmpty()) {
      problems.add(problem(Severity.ERROR, "is no program: neither ELF, PE, Mach-O nor a script"));
    } else if (!kind.get().runsOn(platform)) {
      problems.add(
          problem(
              Severity.ERROR,
              "is %s, which platform %s does not run".formatted(kind.get(), platform)));
    }
    if (!KNOWN.contains(platform)) {
      problems.add(
          problem(
              Severity.WARNING,
              "platform '%s' is none of BOINC's own; update_versions skips one that the project does not have"
                  .formatted(platform)));
    }
    String version = apiVersion();
    if (!ApiVersion.isSupported(version)) {
      problems.add(
          problem(
              Severity.ERROR,
              "claims API_VERSION_%s, for which the client offers System V shared memory; 6.0 or later is needed"
                  .formatted(version)));
    }
    return problems;
  }

  /** What it claims itself, else a version whose shared memory it speaks. */
  String apiVersion() throws IOException {
    return ApiVersion.find(file).orElse(ApiVersion.DEFAULT);
  }

  private Problem problem(Severity severity, String what) {
    return new Problem(severity, file.toString(), 0, "", what);
  }
}
