package org.boinc.dockerwrapper.run;

import java.io.IOException;
import java.util.Set;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.boinc.dockerwrapper.plan.PlanResult;

/** Planning as a function, so that nothing here ever sees a job.toml. */
@FunctionalInterface
public interface Planning {
  /**
   * Plans the job for an engine.
   *
   * @param knownOutputs logical names that an earlier episode found to be outputs
   * @throws IOException where the slot can't be read
   */
  PlanResult plan(EngineFacts engine, Set<String> knownOutputs) throws IOException;
}
