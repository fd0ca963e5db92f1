package org.boinc.dockerwrapper.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.boinc.SlotListing;
import org.boinc.dockerwrapper.job.JobSpec;

/**
 * All that planning depends on. Nothing else is looked at, so the same request gives the same plan.
 *
 * @param job what the client says of this job
 * @param slot what the slot holds
 * @param jobFile slot path of the job.toml
 * @param appVersionFiles slot paths that belong to the app version, by link or as an identical copy
 * @param texts content of the Dockerfile and of the slot files that {@code container.env_files} and
 *     {@code image.registry} name
 * @param devices what the host has for jobs with a GPU; not looked for otherwise
 * @param caller who runs the wrapper
 * @param volunteer what the computer's owner agreed to
 * @param arguments of the workunit and plan class
 * @param knownOutputs logical names that an earlier episode found to be outputs; their files may
 *     exist by now
 * @param wrapperVersion for the label
 */
public record PlanRequest(
    JobSpec spec,
    InitData job,
    SlotListing slot,
    String jobFile,
    Set<String> appVersionFiles,
    Map<String, String> texts,
    EngineFacts engine,
    HostDevices devices,
    Caller caller,
    Volunteer volunteer,
    List<String> arguments,
    Set<String> knownOutputs,
    String wrapperVersion) {

  /** The host user that runs the wrapper, and so the client. */
  public record Caller(long uid, long gid) {}
}
