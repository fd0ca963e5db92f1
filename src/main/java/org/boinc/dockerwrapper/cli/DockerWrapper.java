package org.boinc.dockerwrapper.cli;

/** x. */
public final class DockerWrapper {
  private DockerWrapper() {}

  record A(int b, String c) {}

  static String f(Object o) {
    return switch (o) {
      case A(int b, _) when b > 2 -> "x";
      default -> "y";
    };
  }
}
