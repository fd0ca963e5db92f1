package org.boinc.dockerwrapper.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.Strictness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.boinc.dockerwrapper.boinc.AtomicFile;

/**
 * Which images the wrapper brought into an engine for one project: one that was pulled or loaded
 * can't be labelled. A file beside the project's directory, not in it: it is still there when the
 * volunteer has left the project. Changed only under the {@link ProjectLock}, where the project's
 * directory is there.
 */
public final class ImageLedger {
  private static final String PREFIX = "docker_wrapper_images_";
  private static final String SUFFIX = ".json";

  private static final Gson JSON =
      new GsonBuilder()
          .setStrictness(Strictness.STRICT)
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .create();

  private final Path file;

  private ImageLedger(Path file) {
    this.file = file;
  }

  /** That of a project, which need not be written yet. */
  public static ImageLedger of(Path projectDirectory) {
    return new ImageLedger(
        projectDirectory.resolveSibling(PREFIX + projectDirectory.getFileName() + SUFFIX));
  }

  /**
   * Those of all projects, also of such as were left.
   *
   * @param projects the client's directory of projects
   */
  public static List<ImageLedger> all(Path projects) throws IOException {
    List<ImageLedger> ledgers = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(projects, PREFIX + "*" + SUFFIX)) {
      files.forEach(file -> ledgers.add(new ImageLedger(file)));
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    }
    return ledgers;
  }

  /** Name of the project's directory. */
  public String project() {
    String name = String.valueOf(file.getFileName());
    return name.substring(PREFIX.length(), name.length() - SUFFIX.length());
  }

  /**
   * What it says.
   *
   * @throws IOException where the file is there and can't be read or understood
   */
  public List<ImageUse> read() throws IOException {
    try {
      ImageUse[] uses = JSON.fromJson(Files.readString(file), ImageUse[].class);
      return uses == null ? List.of() : List.copyOf(Arrays.asList(uses));
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (RuntimeException strange) {
      // Not only of syntax: what a record's constructor refuses Gson wraps in a plain one.
      throw new IOException(file + " can't be understood: " + strange.getMessage(), strange);
    }
  }

  /** Replaces it; where nothing is left to be said the file goes. */
  public void write(List<ImageUse> uses) throws IOException {
    if (uses.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    AtomicFile.write(file, JSON.toJson(uses).getBytes(StandardCharsets.UTF_8));
    OwnerOfDirectory.give(file);
  }
}
