package org.boinc.dockerwrapper.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One entry of {@code files.uploads}: outputs that are uploaded while the job runs, as soon as each
 * is complete.
 *
 * @param pattern of logical names, as it was asked
 * @param trickle variety of the trickle-up message that goes with each upload; empty: none
 * @param outputs what the pattern means; an output that several patterns match is in the first one
 */
public record UploadPlan(String pattern, Optional<String> trickle, List<Output> outputs) {

  /**
   * One output of the result.
   *
   * @param logicalName without directories
   * @param path in the project directory: the client uploads what is there
   * @param source the one file of the container that has to be copied to the path; empty: the job
   *     writes to the path itself
   */
  public record Output(String logicalName, Path path, Optional<String> source) {}
}
