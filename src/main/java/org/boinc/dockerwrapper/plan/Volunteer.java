package org.boinc.dockerwrapper.plan;

import java.util.Map;
import org.boinc.dockerwrapper.job.VolunteerPolicy;

/**
 * What the owner of this computer agreed to.
 *
 * @param file where it is written, or would be, for people
 * @param paths what the host paths are that the job and the policy name, by the text they are named
 *     with
 */
public record Volunteer(VolunteerPolicy policy, String file, Map<String, HostPath> paths) {}
