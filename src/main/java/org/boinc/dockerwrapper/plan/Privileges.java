package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.List;

/**
 * What a container may beyond what every job may, all of it agreed to by the volunteer.
 *
 * @param caps capabilities without {@code CAP_}; the kernel gives them to the container's root only
 * @param devices device nodes, at the same path in the container
 * @param cdiDevices names of the Container Device Interface
 * @param mounts directories of the host
 * @param publicPorts published ports are bound to every address of the host
 * @param root the job may be root of an engine that runs as root
 * @param cgroupParent below which the engine puts the container; empty: its own place
 */
public record Privileges(
    List<String> caps,
    List<Path> devices,
    List<String> cdiDevices,
    List<Mount.Bind> mounts,
    boolean hostNetwork,
    boolean hostIpc,
    boolean publicPorts,
    boolean allGpus,
    boolean root,
    String cgroupParent) {

  /** What a job has that asks for nothing. */
  public static final Privileges NONE =
      new Privileges(
          List.of(), List.of(), List.of(), List.of(), false, false, false, false, false, "");
}
