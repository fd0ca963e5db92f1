package org.boinc.dockerwrapper.run;

/**
 * How the container ended.
 *
 * @param status exit status of its main process, 0 to 255
 * @param outOfMemory the kernel killed one of its processes for memory
 */
public record PayloadExit(int status, boolean outOfMemory) {}
