package org.boinc.dockerwrapper.engine;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;

/** Signals that the JDK has no call for. */
enum Signal {
  CONT,
  STOP;

  /**
   * Sends it to each in turn. Who has ended meanwhile, or may not be signalled, does not get it:
   * only a look at them tells.
   */
  void send(List<Long> pids) throws IOException, InterruptedException {
    if (pids.isEmpty()) {
      return;
    }
    // Every shell has the command built in; a program of that name is not on every host.
    List<String> words =
        new ArrayList<>(List.of("/bin/sh", "-c", "kill -" + name() + " \"$@\"", "sh"));
    pids.forEach(pid -> words.add(Long.toString(pid)));
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(Redirect.DISCARD);
    ServiceEnvironment.clean(builder.environment());
    Process process = builder.start();
    process.getOutputStream().close();
    process.waitFor();
  }
}
