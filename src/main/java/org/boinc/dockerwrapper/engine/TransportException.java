package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The connection to the engine failed; never thrown for a file of this host. */
final class TransportException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Fault fault;

  TransportException(Fault fault, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.fault = fault;
  }

  Fault fault() {
    return fault;
  }

  static TransportException cancelled() {
    return new TransportException(Fault.CANCELLED, "the call was cancelled", null);
  }
}
