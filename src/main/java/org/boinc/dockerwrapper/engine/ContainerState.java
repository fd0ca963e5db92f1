package org.boinc.dockerwrapper.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** State.Status of the Docker API. */
public enum ContainerState {
  CREATED,
  RUNNING,
  PAUSED,
  RESTARTING,
  REMOVING,
  EXITED,
  DEAD;

  /** Empty for a word that the API does not document. */
  static Optional<ContainerState> of(String status) {
    String name = status.toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(state -> state.name().equals(name)).findFirst();
  }
}
