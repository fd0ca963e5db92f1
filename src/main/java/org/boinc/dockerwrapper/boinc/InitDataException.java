package org.boinc.dockerwrapper.boinc;

import java.io.IOException;

/** An init_data.xml that stays unreadable; the message is one sentence for people. */
public final class InitDataException extends IOException {
  private static final long serialVersionUID = 1;

  InitDataException(String message) {
    super(message);
  }
}
