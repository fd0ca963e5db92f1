package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.boinc.Kernel32.Opened;

/**
 * The shared memory on Windows: a section of memory that the client made under a name (BOINC
 * lib/shmem.cpp).
 */
@SuppressWarnings("restricted")
final class NamedSection {
  /**
   * A client that runs as a service makes the first, all others the second; whichever session we
   * are in, the first can be seen.
   */
  private static final List<String> NAMES = List.of("Global\\shm_", "shm_");

  private NamedSection() {}

  /** Opens a section by its name. */
  @FunctionalInterface
  interface Opener {
    Opened open(String name) throws IOException;
  }

  /**
   * Maps all channels.
   *
   * @param objectName what init_data.xml calls {@code comm_obj_name}
   * @throws IOException where no such section can be opened, with the errors of Windows
   */
  static MemorySegment attach(String objectName) throws IOException {
    long section = find(objectName, Kernel32::openSection);
    try {
      Opened view = Kernel32.map(section, SharedMemory.SIZE);
      if (!view.succeeded()) {
        throw new IOException(
            "section %s can't be mapped: Windows' error %d".formatted(objectName, view.error()));
      }
      return MemorySegment.ofAddress(view.handle())
          .reinterpret(SharedMemory.SIZE, Arena.ofAuto(), NamedSection::unmap);
    } finally {
      // The view keeps the section.
      Kernel32.close(section);
    }
  }

  /** The handle of the first name that there is. */
  static long find(String objectName, Opener opener) throws IOException {
    List<String> failures = new ArrayList<>();
    for (String prefix : NAMES) {
      String name = prefix + objectName;
      Opened section = opener.open(name);
      if (section.succeeded()) {
        return section.handle();
      }
      failures.add("%s: Windows' error %d".formatted(name, section.error()));
    }
    throw new IOException("no section can be opened, %s".formatted(String.join(", ", failures)));
  }

  /** Nobody refers to the memory any more, so there is nobody to tell. */
  private static void unmap(MemorySegment view) {
    try {
      Kernel32.unmap(view.address());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
