package org.boinc.dockerwrapper.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.job.JobOverrides;
import org.boinc.dockerwrapper.job.JobReading;
import org.boinc.dockerwrapper.job.JobSpec;
import org.boinc.dockerwrapper.plan.EngineFacts;
import org.boinc.dockerwrapper.plan.HostDevices;
import org.boinc.dockerwrapper.plan.Names;
import org.boinc.dockerwrapper.plan.PlanRequest;

/**
 * What docker_wrapper reads of a slot and asks the planner. The verbs that create nothing stop
 * there.
 *
 * @param arguments docker_wrapper's command line
 * @param policy the volunteer's
 */
record SlotPlanning(InitData job, WrapperArguments arguments, JobFiles files, PolicyFile policy) {
  /** Looks at the slot, once: what is read and what is planned are of one moment. */
  static SlotPlanning of(Slot slot, InitData job, WrapperArguments arguments) throws IOException {
    return new SlotPlanning(
        job, arguments, new JobFiles(slot, job), PolicyFile.of(job, slot.directory()));
  }

  /**
   * Reads init_data.xml, if there is one.
   *
   * @throws IOException where it is there and can't be used
   */
  static SlotPlanning of(Path slot, List<String> arguments) throws IOException {
    InitData job;
    try {
      job = InitData.read(slot);
    } catch (NoSuchFileException standalone) {
      job = InitData.standalone(slot.toAbsolutePath().normalize());
    }
    return of(new Slot(slot), job, WrapperArguments.parse(arguments));
  }

  JobReading read() throws IOException {
    return files.read(
        arguments.jobFile(),
        new JobOverrides(
            arguments.verbose() ? Optional.of(2) : Optional.empty(),
            arguments.dockerfile(),
            arguments.template()));
  }

  PlanRequest request(
      JobSpec spec, EngineFacts engine, HostDevices devices, PlanRequest.Caller caller)
      throws IOException {
    return request(spec, engine, devices, caller, Set.of());
  }

  /**
   * What planning needs to know.
   *
   * @param knownOutputs see {@link PlanRequest}
   */
  PlanRequest request(
      JobSpec spec,
      EngineFacts engine,
      HostDevices devices,
      PlanRequest.Caller caller,
      Set<String> knownOutputs)
      throws IOException {
    return new PlanRequest(
        spec,
        job,
        files.listing(),
        arguments.jobFile(),
        files.appVersionFiles(),
        files.texts(spec),
        engine,
        devices,
        caller,
        policy.volunteer(spec.security(), Names.project(job)),
        arguments.job(),
        knownOutputs,
        Version.TEXT);
  }
}
