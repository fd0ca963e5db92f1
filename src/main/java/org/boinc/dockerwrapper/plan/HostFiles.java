package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How an engine sees this host's files, of which it mounts some. */
public enum HostFiles {
  /** Under the same paths. */
  SAME,
  /** From a Linux system inside this Windows, which has each drive as a directory. */
  WSL,
  /** Not at all: it is on another machine. */
  NONE;

  /** As Windows writes it, or as a URI does, with a slash before the drive. */
  private static final Pattern ON_DRIVE = Pattern.compile("/?([A-Za-z]):/(.*)");

  /** The engine's path of a file of this host; empty where it has none. */
  public Optional<String> see(Path file) {
    return switch (this) {
      case SAME -> Optional.of(file.toString());
      case WSL -> onDrive(file.toString().replace('\\', '/'));
      case NONE -> Optional.empty();
    };
  }

  private static Optional<String> onDrive(String path) {
    Matcher drive = ON_DRIVE.matcher(path);
    return drive.matches()
        ? Optional.of("/mnt/" + drive.group(1).toLowerCase(Locale.ROOT) + "/" + drive.group(2))
        : Optional.empty();
  }
}
