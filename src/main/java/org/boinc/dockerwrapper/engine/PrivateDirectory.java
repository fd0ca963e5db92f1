package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Directories that nobody but this user can have put anything into; root could, and is trusted. */
final class PrivateDirectory {
  private static final int KIND = 0170000;
  private static final int DIRECTORY = 0040000;
  private static final int STICKY = 01000;
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int OPEN_TO_OTHERS = 0077;

  private PrivateDirectory() {}

  /** The user's number; empty where users have none. */
  static Optional<Integer> user() {
    try {
      return Optional.of((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException noSuchThing) {
      return Optional.empty();
    }
  }

  /** Whether it is a directory of this user's own, not a link to one. */
  static boolean isOwn(Path directory) {
    try {
      Facts facts = Facts.of(directory);
      return facts.isDirectory() && user().equals(Optional.of(facts.owner()));
    } catch (IOException absent) {
      return false;
    }
  }

  /**
   * Makes it where it is missing.
   *
   * @throws TransportException DENIED where somebody else may change what is in it
   */
  static void require(Path directory) throws IOException {
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException fromBefore) {
      // looked at like a new one
    }
    Facts facts = Facts.of(directory);
    if (!facts.isDirectory() || !user().equals(Optional.of(facts.owner()))) {
      throw refused(directory, "is not a directory of this user's own", facts);
    }
    if ((facts.mode() & OPEN_TO_OTHERS) != 0) {
      throw refused(directory, "is open to others", facts);
    }
    requireParent(Objects.requireNonNull(directory.toAbsolutePath().getParent()));
  }

  /** Who may rename what is in it could put a directory of theirs in our one's place. */
  private static void requireParent(Path parent) throws IOException {
    Facts facts = Facts.of(parent);
    boolean trusted = facts.owner() == 0 || user().equals(Optional.of(facts.owner()));
    boolean fixed = (facts.mode() & WRITABLE_BY_OTHERS) == 0 || (facts.mode() & STICKY) != 0;
    if (!trusted || !fixed) {
      throw refused(parent, "lets others replace what is in it", facts);
    }
  }

  private static TransportException refused(Path directory, String what, Facts facts) {
    return new TransportException(
        Fault.DENIED,
        "%s, where Podman's service would listen, %s (owner %d, mode %o): remove it or mend its mode"
            .formatted(directory, what, facts.owner(), facts.mode() & 07777),
        null);
  }

  private record Facts(int owner, int mode) {
    static Facts of(Path path) throws IOException {
      Map<String, Object> read =
          Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
      return new Facts(number(read, "uid"), number(read, "mode"));
    }

    private static int number(Map<String, Object> read, String name) {
      return (Integer) Objects.requireNonNull(read.get(name));
    }

    boolean isDirectory() {
      return (mode & KIND) == DIRECTORY;
    }
  }
}
