package org.boinc.dockerwrapper.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.boinc.dockerwrapper.simulate.SimulatedFile.Realisation;
import org.boinc.dockerwrapper.simulate.SimulatedFile.Role;

/**
 * Lays out slot and project directory to the byte as the client does before it starts a job (BOINC
 * client/app_start.cpp).
 */
record SlotLayout(SimulatedSlot slot) {
  /** The marker that the client creates when a slot is complete. */
  static final String SETUP_COMPLETE = "boinc_setup_complete";

  void make() throws IOException {
    Files.createDirectories(slot.directory());
    Files.createDirectories(slot.projectDirectory());
    for (SimulatedFile file : slot.files()) {
      if (file.content().isPresent()) {
        Path place = slot.inProject(file);
        Files.deleteIfExists(place);
        file.content().get().writeTo(place);
        permit(place, file);
      }
      bringIn(file);
    }
    Files.createFile(slot.directory().resolve(SETUP_COMPLETE));
    slot.rewriteInitData();
  }

  private void bringIn(SimulatedFile file) throws IOException {
    if (file.role() == Role.OUTPUT && file.realisation() == Realisation.COPY) {
      return; // the client doesn't even make the directories of such an output
    }
    Path inSlot = slot.directory().resolve(file.logicalName());
    String target =
        "../../projects/%s/%s"
            .formatted(slot.projectDirectory().getFileName(), file.physicalName());
    Files.createDirectories(inSlot.getParent());
    switch (file.realisation()) {
      case SOFT_LINK -> Files.writeString(inSlot, "<soft_link>%s</soft_link>\n".formatted(target));
      case SYMLINK -> Files.createSymbolicLink(inSlot, Path.of(target));
      case COPY -> {
        Files.copy(slot.inProject(file), inSlot);
        permit(inSlot, file);
      }
    }
  }

  private static void permit(Path path, SimulatedFile file) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(file.executable() ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }
}
