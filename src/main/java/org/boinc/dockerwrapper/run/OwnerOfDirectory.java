package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;

/** Gives files that root makes, cleaning up by hand, to the user whom the client runs as. */
final class OwnerOfDirectory {
  private OwnerOfDirectory() {}

  /** The file gets the owner of its directory; nothing where it has that anyway. */
  static void give(Path file) throws IOException {
    UserPrincipal owner = Files.getOwner(file.resolveSibling("."));
    if (!owner.equals(Files.getOwner(file))) {
      Files.setOwner(file, owner);
    }
  }
}
