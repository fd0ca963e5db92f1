package org.boinc.dockerwrapper.run;

import org.boinc.dockerwrapper.engine.FileStamp;

/**
 * How far the upload of one output is, for the journal.
 *
 * @param requests how often the client was asked
 * @param trickled the server was told by trickle-up
 * @param bytes size of the file when the client was asked last
 * @param changed its time then, see {@link FileStamp}; empty: unknown
 */
record UploadState(Stage stage, int requests, boolean trickled, long bytes, String changed) {
  /** Nobody was asked yet. */
  static final UploadState NEW = new UploadState(Stage.WAITING, 0, false, 0, "");

  enum Stage {
    /** The file is not complete. */
    WAITING,
    /** The client was asked and has not answered. */
    REQUESTED,
    /** The client says that the server has it. */
    UPLOADED,
    /** The client says that it could not. */
    FAILED
  }

  UploadState requested(FileStamp stamp) {
    return new UploadState(Stage.REQUESTED, requests + 1, trickled, stamp.bytes(), stamp.changed());
  }

  UploadState at(Stage now) {
    return new UploadState(now, requests, trickled, bytes, changed);
  }

  UploadState told() {
    return new UploadState(stage, requests, true, bytes, changed);
  }

  /** Whether the client has the file, or is about to take it. */
  boolean handedOver() {
    return switch (stage) {
      case REQUESTED, UPLOADED -> true;
      case WAITING, FAILED -> false;
    };
  }
}
