package org.boinc.dockerwrapper.job;

import java.util.List;
import java.util.Locale;

/**
 * The table {@code [security]}: everything that needs the volunteer's consent, and nothing else.
 *
 * @param caps capabilities without {@code CAP_}, in capitals
 * @param devices paths of device nodes, or names of the Container Device Interface such as {@code
 *     vendor.com/class=name}
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

  /**
   * A directory of the host.
   *
   * @param at where it stands in the container
   */
  public record HostMount(String host, String at, boolean readOnly) {}

  /** Asks for nothing. */
  public static final SecurityRequest NOTHING =
      new SecurityRequest(List.of(), List.of(), List.of(), false, false, false, false, false);

  /** {@code SYS_ADMIN}, whether written so, {@code sys_admin} or {@code CAP_SYS_ADMIN}. */
  static String capability(String written) {
    String name = written.toUpperCase(Locale.ROOT);
    return name.startsWith("CAP_") ? name.substring("CAP_".length()) : name;
  }
}
