package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Something whose reading and writing blocks and that no selector knows. One thread reads, another
 * writes, and {@link #close}, from any, makes both come back sooner or later.
 */
interface BlockingPipe {

  /**
   * Makes the connection.
   *
   * @param patience longer than this it does not take
   */
  void open(Duration patience) throws IOException;

  /** Some bytes; negative at the end. */
  int read(byte[] to) throws IOException;

  /** All these bytes. */
  void write(byte[] from, int count) throws IOException;

  /** Tells the other side that nothing more will be written. */
  void endOutput() throws IOException;

  /**
   * Why reading came to its end, where that is no proper end.
   *
   * @param answered whether anything was ever read
   */
  Optional<String> complaint(boolean answered);

  /** Ends it; never blocks. */
  void close();
}
