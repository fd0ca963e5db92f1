package org.boinc.dockerwrapper.cli;

/** How {@code boinc-docker} ends; scripts rely on it. */
final class ExitCode {
  /** Done; nothing to complain about. */
  static final int DONE = 0;

  /** Done, and problems were found. */
  static final int PROBLEMS = 1;

  /** The command line was not understood; picocli's own value. */
  static final int USAGE = 2;

  /** This host can't do it, or not now. */
  static final int HOST = 3;

  /** Our fault (EX_SOFTWARE of sysexits.h). */
  static final int BUG = 70;

  private ExitCode() {}
}
