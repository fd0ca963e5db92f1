package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the process finds around it, read once.
 *
 * @param directory the current one: for the wrapper, the slot
 * @param environment of the process
 * @param bootId changes with each boot; empty where the system has none
 * @param uid user of the process
 * @param gid group of the process
 */
record Host(Path directory, Map<String, String> environment, String bootId, long uid, long gid) {

  /** On Windows: the first user of a Linux system there, whom files of the host belong to. */
  private static final long FIRST_USER = 1000;

  /**
   * Reads it.
   *
   * @throws IOException where the current directory can't be read
   */
  static Host read() throws IOException {
    Path directory = Path.of("").toRealPath();
    Path self = Path.of("/proc/self");
    // Where there is no /proc, a slot belongs to whoever the client runs jobs as.
    Path owner = Files.exists(self) ? self : directory;
    return new Host(directory, System.getenv(), readBootId(), id(owner, "uid"), id(owner, "gid"));
  }

  private static long id(Path file, String which) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? ((Number) Files.getAttribute(file, "unix:" + which)).longValue()
        : FIRST_USER;
  }

  private static String readBootId() throws IOException {
    Path file = Path.of("/proc/sys/kernel/random/boot_id");
    return Files.exists(file) ? Files.readString(file).strip() : "";
  }
}
