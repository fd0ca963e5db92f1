package org.boinc.dockerwrapper.plan;

import java.util.ArrayList;
import java.util.List;
import org.boinc.dockerwrapper.job.ByteSize;
import org.boinc.dockerwrapper.job.ContainerSpec;

/**
 * What every container gets besides the job's files: a private /tmp, a name and group for its user,
 * and the numbers of its published ports.
 */
final class FixedMounts {
  /**
   * Where HOME points: writable whatever the image's file system is, and gone with the container.
   */
  static final String HOME = "/tmp";

  static final String USER_NAME = "boinc";

  private final PlanRequest request;
  private final ContainerSpec asked;
  private final ContainerPlan.RunAs user;
  private final NetworkPlan network;

  FixedMounts(PlanRequest request, ContainerPlan.RunAs user, NetworkPlan network) {
    this.request = request;
    this.network = network;
    this.asked = request.spec().container();
    this.user = user;
  }

  /** What is in /tmp counts as the job's memory. */
  List<Mount> addTo(List<Mount> mounts, long memoryBytes) {
    List<Mount> all = new ArrayList<>(mounts);
    long tmp = Math.min(request.spec().resources().tmp().bytes(), memoryBytes);
    if (mounts.stream().noneMatch(mount -> mount.target().equals("/tmp")) && tmp > 0) {
      all.add(new Mount.Tmpfs("/tmp", new ByteSize(tmp)));
    }
    for (JobPlan.GeneratedFile file : generated()) {
      String name = String.valueOf(file.path().getFileName());
      String directory = name.equals(NetworkPlan.PORTS_FILE) ? "/boinc/" : "/etc/";
      all.add(new Mount.Bind(file.path(), name.replace("docker_wrapper_", directory), true));
    }
    return all;
  }

  /** None where the engine could not mount them: a job can do without. */
  List<JobPlan.GeneratedFile> generated() {
    if (request.engine().files().see(request.slot().slot()).isEmpty()) {
      return List.of();
    }
    List<JobPlan.GeneratedFile> files = new ArrayList<>(names());
    if (!network.ports().isEmpty()) {
      // Filled when the engine has chosen them; its numbers may change while the job runs.
      files.add(
          new JobPlan.GeneratedFile(
              request.slot().slot().resolve(NetworkPlan.PORTS_FILE), "", false));
    }
    return files;
  }

  /** A passwd and a group with root and the job's user; none where the image's own user is kept. */
  private List<JobPlan.GeneratedFile> names() {
    if (!asked.addUser() || !(user instanceof ContainerPlan.RunAs.Ids(long uid, long gid))) {
      return List.of();
    }
    String passwd = "root:x:0:0:root:/root:/bin/sh\n";
    String group = "root:x:0:\n";
    if (uid != 0) {
      passwd += USER_NAME + ":x:" + uid + ":" + gid + ":BOINC job:" + HOME + ":/bin/sh\n";
    }
    if (gid != 0) {
      group += USER_NAME + ":x:" + gid + ":\n";
    }
    var slot = request.slot().slot();
    return List.of(
        new JobPlan.GeneratedFile(slot.resolve("docker_wrapper_passwd"), passwd, false),
        new JobPlan.GeneratedFile(slot.resolve("docker_wrapper_group"), group, false));
  }
}
