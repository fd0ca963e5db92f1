package org.boinc.dockerwrapper.pack;

import java.nio.file.Path;
import java.util.List;
import org.boinc.dockerwrapper.job.JobSpec;
import org.boinc.dockerwrapper.simulate.JobDirectory;

/**
 * What to make a release of.
 *
 * @param directory the job's
 * @param job what it declares
 * @param spec what its job.toml says
 * @param jobFile name of the job.toml
 * @param wrappers at least one, each for another platform
 */
public record PackRequest(
    Path directory,
    JobDirectory job,
    JobSpec spec,
    String jobFile,
    ReleaseName name,
    Model model,
    List<WrapperProgram> wrappers) {}
