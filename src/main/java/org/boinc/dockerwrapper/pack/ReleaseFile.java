package org.boinc.dockerwrapper.pack;

import java.nio.file.Path;

/**
 * One file that the project's server hands out.
 *
 * @param logicalName name in the slot; empty for the main program
 * @param physicalName name on the server and in the client's project directory
 * @param source where its content lies now
 * @param nbytes its size
 * @param copied {@code <copy_file/>}: a real file in the slot, not a soft link
 */
public record ReleaseFile(
    String logicalName,
    String physicalName,
    Path source,
    long nbytes,
    boolean executable,
    boolean copied,
    boolean mainProgram) {}
