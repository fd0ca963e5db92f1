package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;

/** Says what a user who may not open an engine's socket can do about it. */
final class SocketPermission {
  private SocketPermission() {}

  static String sentence(Path socket) {
    String user = System.getProperty("user.name");
    try {
      PosixFileAttributes found = Files.readAttributes(socket, PosixFileAttributes.class);
      String group = found.group().getName();
      boolean open =
          found.permissions().contains(PosixFilePermission.GROUP_WRITE) && !group.equals("root");
      return open
          ? "user %s may not open %s: add it to the group %s (sudo usermod -aG %s %s), then restart the BOINC client"
              .formatted(user, socket, group, group, user)
          : "user %s may not open %s, which is %s's alone: set up an engine of its own for this user (rootless Podman or Docker)"
              .formatted(user, socket, found.owner().getName());
    } catch (IOException | UnsupportedOperationException hidden) {
      return "user %s may not look into the directory of %s: set up an engine of its own for this user (rootless Podman or Docker)"
          .formatted(user, socket);
    }
  }
}
