package org.boinc.dockerwrapper.it;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.boinc.dockerwrapper.cli.DockerWrapper;

/**
 * The wrapper as a command, without arguments: the launcher in scripts, or with {@code
 * -Dwrapper=bundle} the file that volunteers get. Where the launcher's classes were packed into a
 * jar, as by {@code mvn verify}, it is trained first: the tests start it hundreds of times, and a
 * start then takes less than half of its CPU time.
 */
public final class WrapperCommand {
  private static final Path SCRIPTS = Path.of("scripts").toAbsolutePath();

  private static final List<String> WORDS = prepare();

  private WrapperCommand() {}

  public static List<String> words() {
    return WORDS;
  }

  /** The file that volunteers get, made from the last packed jar. */
  public static Path bundle() {
    return Bundle.file();
  }

  private static List<String> prepare() {
    String wanted = System.getProperty("wrapper", "launcher");
    return switch (wanted) {
      case "launcher" -> List.of(launcher().toString());
      case "bundle" -> List.of(Bundle.file().toString());
      default -> throw new IllegalArgumentException("-Dwrapper=" + wanted + ": launcher or bundle");
    };
  }

  private static Path launcher() {
    try {
      Path code =
          Path.of(DockerWrapper.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      // The code itself where Maven comes here from packing it, else beside it.
      Path jar = code.resolveSibling("docker-wrapper.jar");
      Path cache = code.resolveSibling("wrapper.aot");
      boolean packed = Files.isRegularFile(jar);
      boolean trained =
          packed
              && Files.exists(cache)
              && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) > 0;
      if (packed && !trained) {
        train();
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the wrapper can't be trained", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the wrapper was trained", e);
    }
    return SCRIPTS.resolve("docker_wrapper");
  }

  private static void train() throws IOException, InterruptedException {
    int status =
        new ProcessBuilder(SCRIPTS.resolve("train").toString()).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("scripts/train ended with status " + status);
    }
  }
}
