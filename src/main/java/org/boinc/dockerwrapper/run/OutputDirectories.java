package org.boinc.dockerwrapper.run;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.boinc.dockerwrapper.plan.ContainerPlan;
import org.boinc.dockerwrapper.plan.CopyPlan;
import org.boinc.dockerwrapper.plan.JobPlan;

/** Where in the container's own file system the job writes what is copied out. */
final class OutputDirectories {
  private static final Set<String> OF_THE_KERNEL = Set.of("proc", "sys", "dev");

  private OutputDirectories() {}

  /**
   * The directories of the outputs and the one the command starts in; none where nothing is copied
   * out. What is mounted is left out: it has the host's owners.
   */
  static List<String> of(JobPlan plan) {
    ContainerPlan container = plan.container();
    if (plan.copies().out().isEmpty() || container.readOnlyRoot()) {
      return List.of();
    }
    Set<String> directories = new LinkedHashSet<>();
    Stream.concat(
            Stream.of(container.workdir()),
            plan.copies().out().stream().map(OutputDirectories::parent))
        .filter(directory -> isOwn(directory, container))
        .forEach(directories::add);
    return List.copyOf(directories);
  }

  private static String parent(CopyPlan.Out out) {
    String beforeGlob = out.source().split("[*?\\[{]", 2)[0];
    return beforeGlob.substring(0, Math.max(0, beforeGlob.lastIndexOf('/')));
  }

  private static boolean isOwn(String directory, ContainerPlan container) {
    return directory.startsWith("/")
        && directory.length() > 1
        && !OF_THE_KERNEL.contains(directory.split("/", 3)[1])
        && container.mounts().stream()
            .noneMatch(mount -> (directory + "/").startsWith(mount.target() + "/"));
  }
}
