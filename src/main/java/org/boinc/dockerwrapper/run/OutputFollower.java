package org.boinc.dockerwrapper.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.boinc.dockerwrapper.engine.Containers;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.engine.LogRange;
import org.boinc.dockerwrapper.engine.LogSink;
import org.boinc.dockerwrapper.job.ProgressSpec;
import org.boinc.dockerwrapper.plan.WatchPlan;

/** Reads what the job prints, for its progress and as a sign of life. */
final class OutputFollower {
  private static final int LONGEST_LINE = 4096;

  private final WatchPlan watch;
  private final ProgressReader progress;
  private final StallWatch stall;
  private final boolean stdout;
  private final boolean stderr;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  OutputFollower(WatchPlan watch, ProgressReader progress, StallWatch stall) {
    this.watch = watch;
    this.progress = progress;
    this.stall = stall;
    this.stdout = watch.source() != ProgressSpec.Source.STDERR;
    this.stderr = watch.source() != ProgressSpec.Source.STDOUT;
  }

  /** Whether anybody wants to know what is printed. */
  boolean isWanted() {
    return !watch.patterns().isEmpty() || stall.isOn();
  }

  /** Blocks until the container has ended or the engine is closed. */
  void follow(Containers containers, String container) throws EngineException, IOException {
    containers.followLogs(
        container,
        LogRange.ALL,
        stdout || stall.isOn(),
        stderr || stall.isOn(),
        (stream, bytes) -> {
          stall.sign();
          if (stream == LogSink.Stream.STDOUT ? stdout : stderr) {
            read(bytes);
          }
        });
  }

  private void read(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '\n' || b == '\r') {
        progress.line(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else if (line.size() < LONGEST_LINE) {
        line.write(b);
      }
    }
  }
}
