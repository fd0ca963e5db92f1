package org.boinc.dockerwrapper.run;

import org.boinc.dockerwrapper.boinc.ExitStatus;

/** A limit that ends a job, with the status that BOINC has for it. */
public enum LimitKind {
  DISK(ExitStatus.EXIT_DISK_LIMIT_EXCEEDED),
  TIME(ExitStatus.EXIT_TIME_LIMIT_EXCEEDED),
  /** No sign of life for {@code progress.stall_timeout}. */
  STALL(ExitStatus.EXIT_TIME_LIMIT_EXCEEDED),
  /** A further container of the job failed. */
  WORKER(ExitStatus.EXIT_CHILD_FAILED),
  MEMORY(ExitStatus.EXIT_MEM_LIMIT_EXCEEDED),
  SIGNAL(ExitStatus.EXIT_SIGNAL);

  private final ExitStatus status;

  LimitKind(ExitStatus status) {
    this.status = status;
  }

  ExitStatus status() {
    return status;
  }

  /** How a job that is beyond it is ended: one that fills the disk gets no time to fill more. */
  Step ending() {
    return switch (this) {
      case DISK, MEMORY, SIGNAL -> Step.KILL;
      case TIME, STALL, WORKER -> Step.STOP;
    };
  }
}
