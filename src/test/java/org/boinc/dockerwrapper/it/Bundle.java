package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The one file that volunteers get, in a directory of the test's own, and what it unpacks there. It
 * is started under the name boinc-docker, whose verbs need neither a slot nor an engine.
 */
record Bundle(Path program) {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Path FILE = ROOT.resolve("target/bundle/docker_wrapper-linux-x64");
  private static final Pattern ID = Pattern.compile("complete ([0-9a-f]{16})\n");

  /** How a process ended and what it said on both handles. */
  record Ended(int status, String said) {}

  /** The last packed one; packed here if the program or the stub has changed since. */
  static synchronized Path file() {
    try {
      if (!Files.exists(FILE) || isOlder(FILE)) {
        // On a line of its own, since a test report would swallow it: a minute of silence.
        int status =
            new ProcessBuilder(ROOT.resolve("scripts/bundle").toString(), "--quick")
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
          throw new IOException("scripts/bundle --quick ended with status " + status);
        }
      }
      // Unpacked by its owner: a test's other users can't write there.
      run(List.of(FILE.resolveSibling("boinc-docker-linux-x64").toString(), "--version"));
      return FILE;
    } catch (IOException e) {
      throw new UncheckedIOException("the bundle can't be made", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the bundle was made", e);
    }
  }

  private static boolean isOlder(Path file) throws IOException {
    FileTime made = Files.getLastModifiedTime(file);
    try (Stream<Path> stub = Files.list(ROOT.resolve("src/main/c"))) {
      for (Path source :
          Stream.concat(stub, Stream.of(ROOT.resolve("target/docker-wrapper.jar"))).toList()) {
        if (Files.getLastModifiedTime(source).compareTo(made) > 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** A copy below this directory, not yet started. */
  static Bundle in(Path directory) throws IOException {
    Path program = directory.resolve("docker_wrapper");
    Files.copy(file(), program, StandardCopyOption.COPY_ATTRIBUTES);
    Files.createSymbolicLink(directory.resolve("boinc-docker"), Path.of("docker_wrapper"));
    return new Bundle(program);
  }

  /** The same program under another version's name, beside this one. */
  Bundle otherVersion() throws IOException {
    String id = id();
    String bytes = Files.readString(program, StandardCharsets.ISO_8859_1);
    // Not where it is the start of the checksum.
    String renamed =
        Pattern.compile(id + "(?![0-9a-f])")
            .matcher(bytes)
            .replaceAll(new StringBuilder(id).reverse().toString());
    Path other = program.resolveSibling("docker_wrapper.other");
    Files.copy(program, other, StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(other, renamed, StandardCharsets.ISO_8859_1);
    Bundle version = new Bundle(other);
    Files.createSymbolicLink(version.boincDocker(), other.getFileName());
    return version;
  }

  /** The version's name, which its files in the cache bear. */
  String id() throws IOException {
    Matcher id = ID.matcher(Files.readString(program, StandardCharsets.ISO_8859_1));
    if (!id.find()) {
      throw new IOException(program + " names no version");
    }
    return id.group(1);
  }

  /** The second name, beside the program. */
  Path boincDocker() {
    return program.resolveSibling(
        program.getFileName().toString().replace("docker_wrapper", "boinc-docker"));
  }

  /** Where the image is once the program has run, beside it. */
  Path image() throws IOException {
    return imageIn(program.getParent());
  }

  Path imageIn(Path place) throws IOException {
    return place.resolve("dw_rt_" + id());
  }

  /** Starts it; only what is named here is in its environment. */
  ProcessBuilder builder(String... environment) {
    ProcessBuilder builder = new ProcessBuilder(boincDocker().toString(), "--version");
    builder.directory(Path.of("/").toFile()).redirectErrorStream(true);
    builder.environment().clear();
    for (String variable : environment) {
      String[] ends = variable.split("=", 2);
      builder.environment().put(ends[0], ends[1]);
    }
    return builder;
  }

  /** Starts it and waits for its end. */
  Ended start(String... environment) throws IOException, InterruptedException {
    return end(builder(environment).start());
  }

  /** It must do what it is there for, and say nothing else. */
  void runs(String... environment) throws IOException, InterruptedException {
    Ended ended = start(environment);
    assertEquals(new Ended(0, "boinc-docker 0.1.0\n"), ended);
  }

  static Ended end(Process process) throws IOException, InterruptedException {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(Job.statusOf(process), said);
  }

  /** Runs a command to its end, which must be a good one. */
  static String run(List<String> words) throws IOException, InterruptedException {
    Ended ended = end(new ProcessBuilder(words).redirectErrorStream(true).start());
    assertEquals(0, ended.status(), () -> words + ": " + ended.said());
    return ended.said();
  }

  /** What its starts left in a directory: names, without lock files. */
  static List<String> left(Path place) throws IOException {
    try (Stream<Path> names = Files.list(place)) {
      return names
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("dw_rt_") && !name.endsWith(".lock"))
          .sorted()
          .toList();
    }
  }
}
