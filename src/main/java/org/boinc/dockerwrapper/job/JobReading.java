package org.boinc.dockerwrapper.job;

import java.util.List;
import java.util.Optional;

/**
 * What came of reading a job.toml.
 *
 * @param spec present unless a problem is an error
 * @param problems all of them, in the order of the file
 */
public record JobReading(Optional<JobSpec> spec, List<Problem> problems) {
  /** The problems that keep the job from running. */
  public List<Problem> errors() {
    return problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).toList();
  }
}
