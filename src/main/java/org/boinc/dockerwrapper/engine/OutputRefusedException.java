package org.boinc.dockerwrapper.engine;

import java.io.IOException;

/** An output cannot be put where it belongs, and trying again would not help. */
final class OutputRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  OutputRefusedException(String reason) {
    super(reason);
  }
}
