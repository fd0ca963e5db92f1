package org.boinc.dockerwrapper.boinc;

/** The process statuses that mean the same to every BOINC project (BOINC lib/error_numbers.h). */
public enum ExitStatus {
  /** The client could not write its state; its own. */
  EXIT_STATEFILE_WRITE(192),
  /** The application was killed by a signal. */
  EXIT_SIGNAL(193),
  /** The client asked for an abort. */
  EXIT_ABORTED_BY_CLIENT(194),
  /** What a wrapper ran failed. */
  EXIT_CHILD_FAILED(195),
  /** More disk than the workunit may use. */
  EXIT_DISK_LIMIT_EXCEEDED(196),
  /** More time than the workunit may use. */
  EXIT_TIME_LIMIT_EXCEEDED(197),
  /** More memory than the workunit may use. */
  EXIT_MEM_LIMIT_EXCEEDED(198),
  /** The client aborts jobs when it leaves; its own. */
  EXIT_CLIENT_EXITING(199),
  /** Never started, and too late now; the client's own. */
  EXIT_UNSTARTED_LATE(200),
  /** The GPU that the job needs is not there. */
  EXIT_MISSING_COPROC(201),
  /** Cancelled by the server; the client's own. */
  EXIT_ABORTED_BY_PROJECT(202),
  /** Aborted by the volunteer; the client's own. */
  EXIT_ABORTED_VIA_GUI(203),
  /** Nobody knows what happened. */
  EXIT_UNKNOWN(204),
  /** The host has not enough memory. */
  EXIT_OUT_OF_MEMORY(205),
  /** What the job needs could not be set up. */
  EXIT_INIT_FAILURE(206),
  /** A wrapper found nothing to run. */
  EXIT_NO_SUB_TASKS(207),
  /** Something a wrapper ran failed. */
  EXIT_SUB_TASK_FAILURE(208),
  /** Too long after the deadline; the client's own. */
  EXIT_OVERDUE_EXCEEDED(209);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  /** The process status. */
  public int code() {
    return code;
  }

  /**
   * Whether this status has a meaning of BOINC's, so that no application's own may be passed on.
   */
  public static boolean isReserved(int status) {
    return status >= EXIT_STATEFILE_WRITE.code && status <= EXIT_OVERDUE_EXCEEDED.code;
  }
}
