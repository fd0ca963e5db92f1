package org.boinc.dockerwrapper.plan;

import java.util.List;

/**
 * What the job brought along to log in with; the volunteer's own logins are never used.
 *
 * @param registries hosts, perhaps with a port, that it is shown to; {@code docker.io} is Docker
 *     Hub
 */
public record RegistryLogin(List<String> registries, String user, String password) {
  /** Without the password, so that no message or test report has it. */
  @Override
  public String toString() {
    return "user " + user + " at " + String.join(", ", registries);
  }
}
