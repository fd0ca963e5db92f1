package org.boinc.dockerwrapper.bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One platform's program file, whose image has a stand-in for java.
 *
 * @param file as scripts/bundle made it
 * @param runner what runs the platform's programs here; nothing where this system does
 * @param environment that the runner needs
 */
record Stub(Path file, List<String> runner, Map<String, String> environment) {
  private static final Pattern ID = Pattern.compile("version ([0-9a-f]{16})\n");

  /** How a process ended and what it said on both handles. */
  record Ended(int status, String said) {}

  /** Makes an image around a stand-in for java. */
  static Path image(Path directory, String java, byte[] program) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Files.write(bin.resolve(java), program);
    Files.setPosixFilePermissions(bin.resolve(java), PosixFilePermissions.fromString("rwxr-xr-x"));
    Path server = Files.createDirectories(directory.resolve("lib/server"));
    // It takes a moment to unpack, and no compression makes it smaller.
    byte[] classes = new byte[8_000_000];
    new Random(25).nextBytes(classes);
    Files.write(directory.resolve("lib/modules"), classes);
    Files.writeString(server.resolve("jvm"), "stands in for the JVM\n");
    return directory;
  }

  /** Packs an image as a program file of that platform. */
  static Path pack(String target, Path image, Path into) throws Exception {
    String said =
        bundle(
            "--target", target, "--image", image.toString(), "--into", into.toString(), "--quick");
    try (Stream<Path> files = Files.list(into)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("docker_wrapper"))
          .findFirst()
          .orElseThrow(() -> new IOException("scripts/bundle made no file: " + said));
    }
  }

  private static String bundle(String... options) throws Exception {
    Ended ended = end(scriptsBundle(options).start());
    if (ended.status() != 0) {
      throw new IOException("scripts/bundle ended with status " + ended);
    }
    return ended.said();
  }

  static ProcessBuilder scriptsBundle(String... options) {
    List<String> words = new ArrayList<>(List.of("scripts/bundle"));
    words.addAll(List.of(options));
    return new ProcessBuilder(words).redirectErrorStream(true);
  }

  static Ended end(Process process) throws IOException, InterruptedException {
    try (OutputStream nothing = process.getOutputStream()) {
      nothing.flush();
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), said);
  }

  /** A copy of it. */
  Stub in(Path directory) throws IOException {
    return as(directory.resolve("docker_wrapper" + suffix()));
  }

  private Stub as(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    return new Stub(
        Files.copy(file, path, StandardCopyOption.COPY_ATTRIBUTES), runner, environment);
  }

  private String suffix() {
    String name = file.getFileName().toString();
    return name.endsWith(".exe") ? ".exe" : "";
  }

  /** Beside it, under the other command's name. */
  Stub boincDocker() throws IOException {
    return as(file.resolveSibling("boinc-docker" + suffix()));
  }

  /** Starts it in a directory, with these variables more. */
  Process start(Path directory, Map<String, String> variables, String... arguments)
      throws IOException {
    List<String> words = new ArrayList<>(runner);
    words.add(file.toString());
    words.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().remove("HOME");
    builder.environment().remove("XDG_CACHE_HOME");
    builder.environment().putAll(environment);
    builder.environment().putAll(variables);
    return builder.start();
  }

  Ended run(Map<String, String> variables, String... arguments) throws Exception {
    return end(start(Path.of("/"), variables, arguments));
  }

  Ended run(String... arguments) throws Exception {
    return run(Map.of(), arguments);
  }

  /** The name that its copies have in any place. */
  static String copyName(String said) {
    Matcher id = ID.matcher(said);
    if (!id.find()) {
      throw new IllegalArgumentException("no version in: " + said);
    }
    return "dw_rt_" + id.group(1);
  }

  /** What is left in a directory of what it unpacks, without what belongs to its locks. */
  static List<String> copies(Path place) throws IOException {
    try (Stream<Path> names = Files.list(place)) {
      return names
          .map(path -> path.getFileName().toString())
          .filter(name -> name.matches("dw_rt_[0-9a-f]{16}(\\.tmp\\..*)?"))
          .sorted()
          .toList();
    }
  }
}
