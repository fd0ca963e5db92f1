package org.boinc.dockerwrapper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.boinc.dockerwrapper.simulate.SimulatedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Exit statuses, finish file and what the job may do to the report of its progress. */
@Execution(ExecutionMode.CONCURRENT)
final class LifeCycleConformanceIT {
  @TempDir Path data;
  @RegisterExtension final Jobs jobs = new Jobs(() -> data);

  @Test
  void c27StatusZeroIsAFinishedResult() throws Exception {
    Job job =
        jobs.mounted("c27", "cat in >/app/out")
            .file(SimulatedFile.input("in", "42"))
            .file(SimulatedFile.output("out"))
            .prepare();
    job.runToCompletion();
    assertEquals("42", job.output("out"));
  }

  @Test
  void c27StatusZeroIsAFinishedResultInCopyMode() throws Exception {
    Job job = jobs.copying("c27copy", "echo 42 >/work/out").prepare();
    job.runToCompletion();
    assertEquals("42\n", job.output("out"));
  }
}
