package org.boinc.dockerwrapper.engine;

/**
 * What a container has used.
 *
 * @param cpuSeconds of all its processes since it was started, ended ones too
 * @param workingSetBytes memory without file cache that could be dropped
 */
public record ResourceUsage(double cpuSeconds, long workingSetBytes) {}
