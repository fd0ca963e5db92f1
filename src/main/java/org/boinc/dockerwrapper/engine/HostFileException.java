package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.util.Objects;

/**
 * Carries an error of this host's files through docker-java, so that it is not taken for an error
 * of the connection.
 */
final class HostFileException extends IOException {
  private static final long serialVersionUID = 1L;

  HostFileException(IOException original) {
    super(original.getMessage(), original);
  }

  IOException original() {
    return (IOException) Objects.requireNonNull(getCause());
  }
}
