package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The directory in which the client starts the wrapper. Only client and wrapper write here; the
 * container sees no more than the {@link #workDirectory}.
 */
public final class Slot {
  /** The directory in the slot that is mounted in the container. */
  public static final String WORK_DIRECTORY = "docker_wrapper_work";

  private static final Set<String> CONTROL_FILES =
      Set.of("init_data.xml", "stderr.txt", "stdout.txt", "trickle_up.xml", "graphics_app");

  /** The last is the bundle's unpacked image, which the host runs (src/main/c). */
  private static final String[] CONTROL_PREFIXES = {
    "boinc_", "trickle_down_", "docker_wrapper_", "dw_rt_"
  };

  private static final Pattern LEADING = Pattern.compile("^(?:\\.?/+)+");
  private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}");

  /** Made by the client once, after the last of the job's files (client/app_start.cpp). */
  private static final String SETUP_COMPLETE = "boinc_setup_complete";

  private final Path directory;

  /** The slot at this place; a relative path is taken from the current directory. */
  public Slot(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /** Absolute. */
  public Path directory() {
    return directory;
  }

  /**
   * Where a file of the slot lies, or would lie.
   *
   * @throws IllegalArgumentException if the name leads out of the slot
   */
  public Path file(String name) {
    Path file = directory.resolve(name).normalize();
    if (!file.startsWith(directory) || file.equals(directory)) {
      throw new IllegalArgumentException("not a file in the slot: " + name);
    }
    return file;
  }

  /**
   * When the client had brought in all of the job's files, as exactly as the file system has it;
   * empty where it left no marker. None of these files can know it beforehand.
   */
  public String setUpAt() throws IOException {
    try {
      return Files.getLastModifiedTime(directory.resolve(SETUP_COMPLETE)).toString();
    } catch (NoSuchFileException standaloneOrOldClient) {
      return "";
    }
  }

  /** What the container may write to. */
  public Path workDirectory() {
    return directory.resolve(WORK_DIRECTORY);
  }

  /**
   * The job's files in the slot and, where the slot has no file of that name, in the work
   * directory, into which some of them may have been moved.
   */
  public SlotListing listing(Path projectDirectory) throws IOException {
    return new SlotScan(this, projectDirectory).list(projectDirectory);
  }

  /**
   * Whether a file of that logical name belongs to client or wrapper, and never to the job: neither
   * shown to it nor taken from it.
   */
  public static boolean isControlFile(String name) {
    // To Windows, .\\init_data.xml is the same file.
    String relative = LEADING.matcher(name.replace('\\', '/')).replaceFirst("");
    int slash = relative.indexOf('/');
    String first = fold(slash < 0 ? relative : relative.substring(0, slash));
    if (CONTROL_FILES.contains(first)) {
      return true;
    }
    for (String prefix : CONTROL_PREFIXES) {
      if (first.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** To macOS, {@code Init_Data.xml} is {@code init_data.xml}, even with invisible characters. */
  private static String fold(String name) {
    return INVISIBLE.matcher(name).replaceAll("").toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
