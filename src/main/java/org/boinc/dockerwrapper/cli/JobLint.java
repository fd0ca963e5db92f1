package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.boinc.dockerwrapper.job.ContainerSpec;
import org.boinc.dockerwrapper.job.FilesSpec;
import org.boinc.dockerwrapper.job.ImageReference;
import org.boinc.dockerwrapper.job.JobSpec;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.job.Problem.Severity;
import org.boinc.dockerwrapper.plan.ImagePlan;
import org.boinc.dockerwrapper.plan.Refusal;
import org.boinc.dockerwrapper.simulate.SimulatedFile;

/** What the reader accepts and no host refuses, and what is wrong or unwise all the same. */
final class JobLint {
  private static final Pattern SHELL_SYNTAX =
      Pattern.compile("\\||\\|\\||&&|&|;|<|>|>>|2>|2>>|2>&1|\\$[A-Za-z_].*|\\$\\(.*");
  private static final Set<String> SHELLS = Set.of("sh", "bash", "ash", "dash", "zsh", "busybox");

  /** Commands of a build that fetch something. */
  private static final Pattern FETCHES =
      Pattern.compile(
          "\\b(apt|apt-get|apk|yum|dnf|microdnf|zypper|pip3?|conda|mamba|npm|curl|wget|git)\\s");

  private static final String OUTPUT_TEMPLATE = "output_template.xml";

  private final JobSpec job;
  private final String jobFile;

  JobLint(JobSpec job, String jobFile) {
    this.job = job;
    this.jobFile = jobFile;
  }

  /** A sentence about the directory, such as {@code version.xml: lists a, but …}. */
  static Problem ofDirectory(String sentence) {
    String[] parts = sentence.split(": ", 2);
    return parts.length == 2
        ? new Problem(Severity.ERROR, parts[0], 0, "", parts[1])
        : new Problem(Severity.ERROR, "job", 0, "", sentence);
  }

  static Problem ofCommandLine(String what) {
    return new Problem(Severity.ERROR, "input_template.xml", 0, "command_line", what);
  }

  /** What the job.toml alone tells. */
  List<Problem> ofFile() {
    List<Problem> problems = new ArrayList<>();
    ContainerSpec container = job.container();
    List<String> words =
        container.entrypoint().isEmpty() ? container.command() : container.entrypoint();
    if (!words.isEmpty() && !SHELLS.contains(words.getFirst().replaceFirst(".*/", ""))) {
      for (String word : container.command()) {
        if (SHELL_SYNTAX.matcher(word).matches()) {
          problems.add(
              warning(
                  "container.command",
                  "'%s' is a shell's syntax, and no shell is run; write [\"/bin/sh\", \"-c\", \"…\"] if the image has one"
                      .formatted(word)));
        }
      }
    }
    return problems;
  }

  /** Results of hosts are compared, and {@code latest} is another image next week. */
  List<Problem> ofImage(ImagePlan image) throws IOException {
    return switch (image) {
      case ImagePlan.Pull pull -> pull.digest().isEmpty() ? ofName(job.image().name()) : List.of();
      case ImagePlan.Build build -> ofDockerfile(build);
      case ImagePlan.Load _ -> List.of();
    };
  }

  private List<Problem> ofName(String name) {
    return isLatest(name)
        ? List.of(
            warning(
                "image.name",
                "'%s' is whatever is newest when a host pulls it; name a tag, or set image.digest"
                    .formatted(name)))
        : List.of();
  }

  private List<Problem> ofDockerfile(ImagePlan.Build build) throws IOException {
    Optional<Path> file =
        build.files().stream()
            .filter(entry -> entry.name().equals(build.dockerfile()))
            .map(ImagePlan.ContextFile::source)
            .findFirst();
    if (file.isEmpty()) {
      return List.of();
    }
    List<Problem> problems = new ArrayList<>();
    Set<String> stages = new HashSet<>(Set.of("scratch"));
    int number = 0;
    String text = new String(Files.readAllBytes(file.get()), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      number++;
      List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+", -1)));
      if (!build.limits().network()
          && words.getFirst().equalsIgnoreCase("RUN")
          && FETCHES.matcher(line).find()) {
        problems.add(
            new Problem(
                Severity.WARNING,
                build.dockerfile(),
                number,
                "RUN",
                "it has no network while the image is built, as the job has none; set network.mode = \"nat\""));
      }
      words.removeIf(word -> word.startsWith("--"));
      if (words.size() > 1 && words.getFirst().equalsIgnoreCase("FROM")) {
        String name = words.get(1);
        if (!stages.contains(name.toLowerCase(Locale.ROOT)) && isLatest(name)) {
          problems.add(
              new Problem(
                  Severity.WARNING,
                  build.dockerfile(),
                  number,
                  "FROM",
                  "'%s' is whatever is newest when a host builds it; name a tag or a digest"
                      .formatted(name)));
        }
        if (words.size() > 3 && words.get(2).equalsIgnoreCase("AS")) {
          stages.add(words.get(3).toLowerCase(Locale.ROOT));
        }
      }
    }
    return problems;
  }

  /** A name with a variable in it is no reference, and nothing is said of it. */
  private static boolean isLatest(String name) {
    return ImageReference.parse(name)
        .filter(image -> image.digest().isEmpty() && image.tag().orElse("latest").equals("latest"))
        .isPresent();
  }

  /** Whether what is declared is made, and what is copied out is declared. */
  List<Problem> ofOutputs(List<SimulatedFile> files) {
    List<SimulatedFile> declared =
        files.stream().filter(file -> file.role() == SimulatedFile.Role.OUTPUT).toList();
    List<Problem> problems = new ArrayList<>();
    boolean copiesOnly = job.files().slot().isEmpty() && job.files().project().isEmpty();
    for (SimulatedFile output : declared) {
      String name = output.logicalName();
      if (copiesOnly && !output.optional() && !isWritten(name)) {
        problems.add(
            new Problem(
                Severity.ERROR,
                OUTPUT_TEMPLATE,
                0,
                name,
                "is declared, but no files.out of %s writes it and the slot is not mounted; add { src = \"…\", dst = \"%s\" }"
                    .formatted(jobFile, name)));
      }
    }
    for (FilesSpec.CopyOut copy :
        declared.isEmpty() ? List.<FilesSpec.CopyOut>of() : job.files().out()) {
      if (declared.stream().noneMatch(output -> covers(copy.dst(), output.logicalName()))) {
        problems.add(
            warning(
                "files.out",
                "'%s' is no output that %s declares; it stays in the slot and is never uploaded"
                    .formatted(copy.dst(), OUTPUT_TEMPLATE)));
      }
    }
    return problems;
  }

  private boolean isWritten(String name) {
    FilesSpec files = job.files();
    return files.stdout().equals(name)
        || files.stderr().equals(name)
        || files.out().stream().anyMatch(copy -> covers(copy.dst(), name));
  }

  private static boolean covers(String destination, String name) {
    return name.equals(destination) || name.startsWith(destination + "/");
  }

  private Problem warning(String key, String what) {
    Problem placed = PlanOrigins.problem(new Refusal(Refusal.Kind.JOB, key, what), job, jobFile);
    return new Problem(Severity.WARNING, placed.file(), placed.line(), key, what);
  }
}
