package org.boinc.dockerwrapper.job;

import java.util.List;
import java.util.Optional;

/**
 * What came of reading a docker_policy.toml.
 *
 * @param policy present unless there is a problem: half a policy would allow what the other half
 *     forbids
 * @param problems all of them, in the order of the file
 */
public record PolicyReading(Optional<VolunteerPolicy> policy, List<Problem> problems) {}
