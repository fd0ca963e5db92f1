package org.boinc.dockerwrapper.plan;

import java.util.List;

/**
 * The GPU devices the client assigned to this job.
 *
 * @param deviceIds as the NVIDIA toolkit counts them; empty: every one of the host
 * @param capabilities such as {@code compute}
 */
public record GpuAssignment(List<String> deviceIds, List<String> capabilities) {}
