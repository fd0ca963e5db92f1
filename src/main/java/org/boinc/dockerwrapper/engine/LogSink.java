package org.boinc.dockerwrapper.engine;

import java.io.IOException;

/** Takes what a container wrote, in order, on one thread. */
public interface LogSink {

  /** Which of the two it was written to. */
  enum Stream {
    STDOUT,
    STDERR
  }

  /**
   * Takes the next piece.
   *
   * @param bytes the sink's own; lines and characters may be split
   * @throws IOException ends the reading and reaches the caller
   */
  void accept(Stream stream, byte[] bytes) throws IOException;
}
