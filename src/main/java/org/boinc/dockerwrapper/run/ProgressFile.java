package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.util.Arrays;
import org.boinc.dockerwrapper.boinc.UntrustedFile;
import org.boinc.dockerwrapper.engine.Engine;
import org.boinc.dockerwrapper.engine.EngineException;
import org.boinc.dockerwrapper.plan.JobPlan;
import org.boinc.dockerwrapper.plan.WatchPlan;

/** The file that a job writes its fraction done to. */
final class ProgressFile {
  private static final int LONGEST = 4096;

  private final JobPlan plan;
  private final ProgressReader progress;
  private final StallWatch stall;
  private byte[] last = {};

  ProgressFile(JobPlan plan, ProgressReader progress, StallWatch stall) {
    this.plan = plan;
    this.progress = progress;
    this.stall = stall;
  }

  /**
   * Reads it where it is on the host.
   *
   * @param inside also where it is in the container, which costs the engine more
   */
  void read(Engine engine, String container, boolean inside) throws EngineException, IOException {
    WatchPlan watch = plan.watch();
    if (watch.progressFile().isPresent()) {
      UntrustedFile.readStart(watch.progressFile().get(), LONGEST).ifPresent(this::said);
    }
    if (watch.progressPath().isPresent() && inside) {
      String path = plan.container().absolute(watch.progressPath().get());
      engine.copies().readSmall(container, path, LONGEST).ifPresent(this::said);
    }
  }

  private void said(byte[] content) {
    progress.file(content);
    if (!Arrays.equals(content, last)) {
      last = content;
      stall.sign();
    }
  }
}
