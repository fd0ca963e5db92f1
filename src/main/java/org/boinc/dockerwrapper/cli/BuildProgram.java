package org.boinc.dockerwrapper.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.job.ImageReference;

/**
 * The engine's own command line, which knows the admin's logins, builders and contexts.
 *
 * @param name {@code docker}, {@code podman}, or where it is
 * @param said where what it prints goes
 */
record BuildProgram(String name, OutputStream said) {
  private static final List<String> KNOWN = List.of("docker", "podman");

  /**
   * Finds one.
   *
   * @throws IOException if there is none
   */
  static BuildProgram find(Optional<String> wanted, OutputStream said) throws IOException {
    if (wanted.isPresent()) {
      return new BuildProgram(wanted.get(), said);
    }
    String path = System.getenv().getOrDefault("PATH", "");
    for (String name : KNOWN) {
      for (String directory : path.split(File.pathSeparator, -1)) {
        if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, name))) {
          return new BuildProgram(name, said);
        }
      }
    }
    throw new IOException("neither docker nor podman is on the PATH; --engine FILE names another");
  }

  /** Runs it, with this process's input and terminal; gives its status. */
  int run(List<String> words) throws IOException, InterruptedException {
    Process process = start(words);
    try (InputStream out = process.getInputStream()) {
      out.transferTo(said);
      said.flush();
    }
    return process.waitFor();
  }

  /**
   * Runs it.
   *
   * @throws IOException if it fails; it has said why
   */
  void demand(List<String> words) throws IOException, InterruptedException {
    int status = run(words);
    if (status != 0) {
      throw failure(words, status);
    }
  }

  /** What it prints. */
  private String answer(List<String> words) throws IOException, InterruptedException {
    Process process = start(words);
    try (InputStream out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw failure(words, status);
      }
      return text;
    }
  }

  private Process start(List<String> words) throws IOException {
    List<String> command = new ArrayList<>(List.of(name));
    command.addAll(words);
    return new ProcessBuilder(command)
        .redirectInput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private IOException failure(List<String> words, int status) {
    return new IOException(
        "'%s %s' ended with status %d".formatted(name, ShellLine.of(words), status));
  }

  /**
   * Pushes an image under one of its names.
   *
   * @param directory for a file of the moment
   * @return the digest by which the registry knows it
   */
  String push(String tag, Path directory) throws IOException, InterruptedException {
    if (answer(List.of("--version")).contains("podman")) {
      // What Podman pushes is compressed anew, so that its own digest is another.
      Path digest = directory.resolve("digest");
      demand(List.of("push", "--digestfile", digest.toString(), tag));
      return Files.readString(digest).strip();
    }
    demand(List.of("push", tag));
    String repository = repository(tag);
    return answer(
            List.of(
                "image", "inspect", "--format", "{{range .RepoDigests}}{{println .}}{{end}}", tag))
        .lines()
        .filter(known -> repository(known).equals(repository))
        .map(known -> known.substring(known.indexOf('@') + 1))
        .findFirst()
        .orElseThrow(() -> new IOException(name + " does not say which digest it pushed"));
  }

  private static String repository(String name) {
    return ImageReference.parse(name)
        .map(
            parsed ->
                new ImageReference(
                        parsed.registry(), parsed.repository(), Optional.empty(), Optional.empty())
                    .qualified())
        .orElse("");
  }
}
