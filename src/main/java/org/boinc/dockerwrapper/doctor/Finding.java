package org.boinc.dockerwrapper.doctor;

import java.util.Locale;

/**
 * One thing that was looked at.
 *
 * @param check what, one word
 * @param sentence how it is
 * @param cure a command that mends it; empty where nothing is to be mended, or no command can
 */
public record Finding(String check, Level level, String sentence, String cure) {

  /** How much it matters. */
  public enum Level {
    /** As it should be. */
    OK,
    /** Could not be found out here. */
    UNKNOWN,
    /** Jobs run, but not all of them, or less well. */
    WARNING,
    /** Jobs fail, or never start. */
    FAULT;

    /** For people and programs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String check, String sentence) {
    return new Finding(check, Level.OK, sentence, "");
  }

  static Finding unknown(String check, String sentence) {
    return new Finding(check, Level.UNKNOWN, sentence, "");
  }

  static Finding warning(String check, String sentence, String cure) {
    return new Finding(check, Level.WARNING, sentence, cure);
  }

  static Finding fault(String check, String sentence, String cure) {
    return new Finding(check, Level.FAULT, sentence, cure);
  }
}
