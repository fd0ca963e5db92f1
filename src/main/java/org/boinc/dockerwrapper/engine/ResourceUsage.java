package org.boinc.dockerwrapper.engine;

/**
 * What a container has used.
 *
 * @param cpuSeconds of all its processes since it was started, ended ones too
 * @param workingSetBytes memory without file cache that could be dropped
 * @param counted by the kernel for the container as a whole; else added up over its processes, and
 *     the seconds may go back when one has ended
 */
public record ResourceUsage(double cpuSeconds, long workingSetBytes, boolean counted) {
  ResourceUsage(double cpuSeconds, long workingSetBytes) {
    this(cpuSeconds, workingSetBytes, true);
  }
}
