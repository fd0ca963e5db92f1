package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.clean.Sweep;
import org.boinc.dockerwrapper.job.ByteSize;
import org.boinc.dockerwrapper.job.PolicyReader;
import org.boinc.dockerwrapper.job.PolicyReading;
import org.boinc.dockerwrapper.job.Problem;
import org.boinc.dockerwrapper.job.SecurityRequest;
import org.boinc.dockerwrapper.job.VolunteerPolicy;
import org.boinc.dockerwrapper.plan.Volunteer;

/** The volunteer's {@code docker_policy.toml}, as it lies in a BOINC data directory. */
record PolicyFile(Path path, PolicyReading reading) {
  private static final int LARGEST = 1 << 20;

  /**
   * The one that holds for a job. Without a client there is no data directory, and what lies in the
   * slot may be a job's own.
   */
  static PolicyFile of(InitData job, Path slot) throws IOException {
    Path data = job.dataDirectory();
    return slot.startsWith(data) && !slot.equals(data)
        ? in(data)
        : new PolicyFile(data.resolve(VolunteerPolicy.FILE), none());
  }

  /**
   * The one of a data directory; the defaults where there is none.
   *
   * @throws IOException where it can't be read
   */
  static PolicyFile in(Path dataDirectory) throws IOException {
    Path path = dataDirectory.resolve(VolunteerPolicy.FILE);
    if (!Files.exists(path)) {
      return new PolicyFile(path, none());
    }
    if (isOpenToAll(path)) {
      String what =
          "can be written by every user of this computer, so it proves nobody's consent; run chmod o-w "
              + path;
      return new PolicyFile(
          path,
          new PolicyReading(
              Optional.empty(),
              List.of(new Problem(Problem.Severity.ERROR, path.toString(), 0, "", what))));
    }
    try (var stream = Files.newInputStream(path)) {
      return new PolicyFile(
          path, PolicyReader.read(stream.readNBytes(LARGEST + 1), path.toString()));
    }
  }

  private static PolicyReading none() {
    return new PolicyReading(Optional.of(VolunteerPolicy.DEFAULT), List.of());
  }

  private static boolean isOpenToAll(Path path) throws IOException {
    return Files.getFileStore(path).supportsFileAttributeView("posix")
        && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE);
  }

  /** What keeps the policy from being used; empty: nothing. */
  List<Problem> problems() {
    return reading.problems();
  }

  /**
   * Bytes that images kept for projects may take: the volunteer's lid, or the built-in one.
   *
   * @throws IOException where the policy can't be used
   */
  long imageLid() throws IOException {
    return policy().diskCap().map(ByteSize::bytes).orElse(Sweep.DISK_CAP);
  }

  private VolunteerPolicy policy() throws IOException {
    return reading
        .policy()
        .orElseThrow(() -> new IOException(reading.problems().getFirst().toString()));
  }

  /**
   * What the planner needs to know of it.
   *
   * @param project the name of the job's project directory; what others may have is not looked at
   * @throws IOException where the policy can't be used: no job is planned by half of it
   */
  Volunteer volunteer(SecurityRequest asked, String project) throws IOException {
    return new Volunteer(policy(), path.toString(), HostPaths.of(asked, policy().consent(project)));
  }
}
