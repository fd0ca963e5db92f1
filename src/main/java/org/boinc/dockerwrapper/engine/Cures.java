package org.boinc.dockerwrapper.engine;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a person can do about a few faults that Podman tells in words which help nobody. Only for
 * the eye: nothing is decided by it.
 */
final class Cures {
  private record Cure(Pattern sign, String sentence) {}

  private static final List<Cure> ALL =
      List.of(
          new Cure(
              Pattern.compile("insufficient UIDs or GIDs"),
              "user %1$s has no range of its own in /etc/subuid and /etc/subgid (sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 %1$s, then podman system migrate as this user)"
                  .formatted(System.getProperty("user.name"))),
          new Cure(
              Pattern.compile(
                  "opening database \\S+bolt_state|database disk image is malformed"
                      + "|creating (container storage|read-write layer).*"
                      + "(no such file or directory|layer not known|not a directory)"),
              "Podman's store is damaged (podman system reset begins a new one; all its images and containers are lost)"));

  private Cures() {}

  /** The cures for what an engine said, each with a colon and a blank after it. */
  static String before(String said) {
    StringBuilder cures = new StringBuilder();
    for (Cure cure : ALL) {
      if (cure.sign().matcher(said).find()) {
        cures.append(cure.sentence()).append(": ");
      }
    }
    return cures.toString();
  }
}
