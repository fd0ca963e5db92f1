package org.boinc.dockerwrapper.plan;

/**
 * A name for the engine, with a second choice where somebody else has the first.
 *
 * @param preferred as BOINC's users know it, such as {@code boinc_<result name>}
 * @param qualified holds a hash of project and name, so that no other job has it
 */
public record Name(String preferred, String qualified) {}
