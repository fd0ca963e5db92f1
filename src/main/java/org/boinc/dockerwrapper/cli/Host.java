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
    return new Host(
        directory,
        System.getenv(),
        readBootId(),
        ((Number) Files.getAttribute(owner, "unix:uid")).longValue(),
        ((Number) Files.getAttribute(owner, "unix:gid")).longValue());
  }

  private static String readBootId() throws IOException {
    Path file = Path.of("/proc/sys/kernel/random/boot_id");
    return Files.exists(file) ? Files.readString(file).strip() : "";
  }
}
