package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.boinc.dockerwrapper.simulate.JobDirectory;
import org.boinc.dockerwrapper.simulate.SimulatedSlot;

/** A simulated slot that is only looked at, and gone afterwards. */
record ThrowAwaySlot(Path dataDirectory, SimulatedSlot slot) implements AutoCloseable {

  static ThrowAwaySlot prepare(JobDirectory job, Consumer<SimulatedSlot.Builder> grant)
      throws IOException {
    Path data = Files.createTempDirectory("boinc-docker-").toRealPath();
    try {
      SimulatedSlot.Builder slot = job.in(data);
      grant.accept(slot);
      return new ThrowAwaySlot(data, slot.prepare());
    } catch (IOException | RuntimeException unfinished) {
      SimulatedSlot.removeAll(data);
      throw unfinished;
    }
  }

  @Override
  public void close() throws IOException {
    SimulatedSlot.removeAll(dataDirectory);
  }
}
