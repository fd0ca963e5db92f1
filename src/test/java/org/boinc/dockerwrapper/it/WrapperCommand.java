package org.boinc.dockerwrapper.it;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.cli.DockerWrapper;

/**
 * The wrapper as a command, without arguments, with the options of scripts/docker_wrapper. Where it
 * was packed into a jar, as by {@code mvn verify}, it has an AOT cache like the bundle: the tests
 * start it hundreds of times, and a start then takes less than half of its CPU time.
 */
final class WrapperCommand {
  private static final Duration TRAINING = Duration.ofMinutes(2);

  private static final Path CODE = code();

  private static final List<String> WORDS = words(aotCache());

  private WrapperCommand() {}

  static List<String> words() {
    return WORDS;
  }

  private static List<String> words(List<String> more) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xms8m",
            "-Xmn4m",
            "-Xmx64m",
            "-Xss512k",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "--enable-native-access=ALL-UNNAMED"));
    words.addAll(more);
    String libraries = System.getProperty("wrapper.lib", "target/lib");
    words.addAll(
        List.of(
            "-cp",
            CODE + File.pathSeparator + Path.of(libraries).toAbsolutePath() + "/*",
            DockerWrapper.class.getName()));
    return List.copyOf(words);
  }

  /** The option for it; none for a directory of classes, which a JVM keeps in no cache. */
  private static List<String> aotCache() {
    if (!Files.isRegularFile(CODE)) {
      return List.of();
    }
    Path cache = CODE.resolveSibling("wrapper.aot");
    try {
      if (!Files.exists(cache)
          || Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(CODE)) < 0) {
        train(cache);
      }
      return List.of("-XX:AOTCache=" + cache);
    } catch (IOException e) {
      throw new IllegalStateException("the AOT cache can't be made", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the AOT cache was made", e);
    }
  }

  /** Runs one job without a client, from start to end; what it loads goes into the cache. */
  private static void train(Path cache) throws IOException, InterruptedException {
    Files.deleteIfExists(cache);
    Path slot = Files.createTempDirectory(CODE.getParent(), "training");
    Path log = slot.resolve("training.log");
    Files.writeString(
        slot.resolve("job.toml"),
        """
        schema = 1
        [image]
        name = "%s"
        pull = "never"
        [container]
        command = ["true"]
        """
            .formatted(TestEngine.IMAGE));
    Process training =
        new ProcessBuilder(words(List.of("-XX:AOTCacheOutput=" + cache)))
            .directory(slot.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!training.waitFor(TRAINING) || !Files.exists(cache)) {
      training.destroyForcibly();
      throw new IOException(
          "no AOT cache after a run in %s: %s".formatted(slot, Files.readString(log)));
    }
    try (var files = Files.list(slot)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(slot);
  }

  private static Path code() {
    try {
      return Path.of(
          DockerWrapper.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
