package org.boinc.dockerwrapper.cli;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.boinc.dockerwrapper.boinc.StderrLog;

/**
 * On Windows the client starts a program without standard handles, and the program opens {@code
 * stderr.txt} itself (BOINC lib/diagnostics.cpp); on Unix the client has done so.
 */
final class StandardError {
  private StandardError() {}

  /** Before anything could go wrong: what nobody expects, such as a stack trace, goes there too. */
  static void standIn(Path slot) {
    if (File.separatorChar == '\\') {
      appendTo(slot);
    }
  }

  static void appendTo(Path slot) {
    try {
      FileOutputStream file = new FileOutputStream(slot.resolve(StderrLog.FILE).toFile(), true);
      System.setErr(new PrintStream(file, true, StandardCharsets.UTF_8));
    } catch (IOException noSuchSlot) {
      System.err.println("docker_wrapper: " + noSuchSlot.getMessage());
    }
  }
}
