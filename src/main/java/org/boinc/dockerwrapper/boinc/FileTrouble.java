package org.boinc.dockerwrapper.boinc;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Says in people's words why a file of the host can't be used. */
public final class FileTrouble {
  private FileTrouble() {}

  /** Such as {@code /slots/0/x: permission denied}. */
  public static String sentence(IOException trouble) {
    return switch (trouble) {
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case NoSuchFileException missing -> missing.getFile() + ": no such file or directory";
      case FileSystemException other when other.getReason() != null ->
          other.getFile() + ": " + other.getReason();
      // The class says more than an empty message.
      default -> Optional.ofNullable(trouble.getMessage()).orElseGet(trouble::toString);
    };
  }
}
