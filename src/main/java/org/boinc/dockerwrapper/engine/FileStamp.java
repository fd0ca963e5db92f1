package org.boinc.dockerwrapper.engine;

/**
 * The state of a file, to see later whether it has changed.
 *
 * @param bytes its size
 * @param changed time of the last change, in words of whoever looked; only good for comparing
 */
public record FileStamp(long bytes, String changed) {}
