package org.boinc.dockerwrapper.run;

import org.boinc.dockerwrapper.plan.ResourceLimits;

/** Tells a container's deaths apart. */
final class PayloadOutcome {
  /** What a shell and the engine add to the number of a deadly signal. */
  private static final int SIGNAL_BASE = 128;

  private static final int KILL = 9;

  /** SIGXFSZ of Linux. */
  private static final int FILE_TOO_LARGE = 25;

  private static final int LAST_SIGNAL = 64;

  private PayloadOutcome() {}

  static Outcome of(PayloadExit exit, ResourceLimits limits) {
    int status = exit.status();
    if (status == 0) {
      return new Outcome.Succeeded();
    }
    if (exit.outOfMemory()) {
      return new Outcome.LimitHit(
          LimitKind.MEMORY,
          "the job needed more memory than its limit of %d MiB and was killed (status %d); the limit is the workunit's rsc_memory_bound or resources.memory"
              .formatted(limits.memoryBytes() >> 20, status));
    }
    if (status == SIGNAL_BASE + FILE_TOO_LARGE && limits.diskBytes() > 0) {
      return new Outcome.LimitHit(
          LimitKind.DISK,
          "the job wrote a file larger than its limit of %d MiB of disk (rsc_disk_bound or resources.disk)"
              .formatted(limits.diskBytes() >> 20));
    }
    if (status > SIGNAL_BASE && status <= SIGNAL_BASE + LAST_SIGNAL) {
      return new Outcome.LimitHit(
          LimitKind.SIGNAL,
          "the job was ended by signal %d (status %d)%s"
              .formatted(status - SIGNAL_BASE, status, killed(status, limits)));
    }
    return new Outcome.PayloadFailed(
        status,
        "the job ended with status %d%s; its last output is above"
            .formatted(status, meaning(status)));
  }

  /** Not every engine tells why. */
  private static String killed(int status, ResourceLimits limits) {
    return status == SIGNAL_BASE + KILL && limits.memoryBytes() > 0
        ? "; so the kernel ends a job that needs more memory than there is, and the limit is %d MiB"
            .formatted(limits.memoryBytes() >> 20)
        : "";
  }

  /** What a shell, and the init process in the container, mean by it. */
  private static String meaning(int status) {
    return switch (status) {
      case 126 -> " (mostly: a command may not be executed)";
      case 127 -> " (mostly: a command was not found)";
      default -> "";
    };
  }
}
