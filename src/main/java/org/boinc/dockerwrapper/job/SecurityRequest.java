package org.boinc.dockerwrapper.job;

import java.util.List;

/**
 * The table {@code [security]}: everything that needs the volunteer's consent, and nothing else.
 */
public record SecurityRequest(
    List<String> caps,
    List<String> devices,
    List<HostMount> hostMounts,
    boolean hostNetwork,
    boolean hostIpc,
    boolean publicPorts,
    boolean allGpus,
    boolean root) {

  /** A directory of the host. */
  public record HostMount(String host, String at, boolean readOnly) {}

  /** Asks for nothing. */
  public static final SecurityRequest NOTHING =
      new SecurityRequest(List.of(), List.of(), List.of(), false, false, false, false, false);
}
