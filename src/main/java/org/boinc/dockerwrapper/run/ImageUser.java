package org.boinc.dockerwrapper.run;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;

/**
 * Who the processes of a container are whose image says so. A name is root where the image's own
 * passwd gives it the number 0, and so is a number that this file has for a name.
 */
final class ImageUser {
  private static final int LARGEST_PASSWD = 1 << 20;
  private static final int NAME = 0;
  private static final int NUMBER = 2;

  private ImageUser() {}

  /** Refuses a container, not started yet, that would run as root of an engine that is root. */
  static void refuseRoot(Engine engine, String container) throws EngineException, StepFailure {
    String user = engine.containers().user(container).split(":", 2)[0].strip();
    Optional<byte[]> passwd = engine.copies().readSmall(container, "/etc/passwd", LARGEST_PASSWD);
    String text = passwd.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
    if (!isSomebodyElse(user, text)) {
      throw new StepFailure(
          new Failure.Job(
              "container.user: the image's USER is '%s', which is root or nobody that its /etc/passwd knows; use \"auto\", or ask the volunteer for it with security.root = true"
                  .formatted(user.isEmpty() ? "root" : user)));
    }
  }

  /** The engine reads a number that it does not understand as 0. */
  static boolean isSomebodyElse(String user, String passwd) {
    boolean known = false;
    for (String line : passwd.lines().toList()) {
      String[] fields = line.strip().split(":", -1);
      String number = fields.length > NUMBER ? fields[NUMBER] : "";
      if (fields[NAME].equals(user) || number.equals(user)) {
        known = true;
        if (!isPlainNumber(number)) {
          return false;
        }
      }
    }
    return known || isPlainNumber(user);
  }

  private static boolean isPlainNumber(String text) {
    return text.matches("[1-9][0-9]{0,9}");
  }
}
