package org.boinc.dockerwrapper.engine;

import java.util.List;
import java.util.StringTokenizer;

/** What a job has received and sent over its network. */
public record NetworkBytes(long received, long sent) {
  private static final String LOOP = "lo";

  /** Columns between the two (proc_pid_net(5), dev). */
  private static final int BETWEEN = 7;

  /**
   * What the kernel counts for the interfaces of one network namespace, but for the loop. An
   * interface that goes takes its counters along.
   *
   * @param lines of {@code /proc/PID/net/dev}
   * @throws NumberFormatException where they are of another form
   * @throws java.util.NoSuchElementException likewise
   */
  static NetworkBytes parse(List<String> lines) {
    long received = 0;
    long sent = 0;
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0 && !line.substring(0, colon).strip().equals(LOOP)) {
        StringTokenizer columns = new StringTokenizer(line.substring(colon + 1));
        received += Long.parseLong(columns.nextToken());
        for (int i = 0; i < BETWEEN; i++) {
          columns.nextToken();
        }
        sent += Long.parseLong(columns.nextToken());
      }
    }
    return new NetworkBytes(received, sent);
  }
}
