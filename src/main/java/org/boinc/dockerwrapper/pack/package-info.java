/**
 * Turns a job's directory and the wrapper's programs into what a BOINC server takes: app version
 * directories with {@code version.xml}, templates, files to stage, and what to type there.
 *
 * <p>{@link org.boinc.dockerwrapper.pack.Packing} decides what a {@link
 * org.boinc.dockerwrapper.pack.Release} holds and writes nothing; {@link
 * org.boinc.dockerwrapper.pack.Release#writeTo} writes all of it or nothing. The same input gives
 * the same bytes.
 *
 * <p>Knows the server's tools (BOINC tools/update_versions, process_input_template.cpp) and nothing
 * of containers: whether the job itself is sound has been looked at before.
 *
 * <p>Decided: physical names carry a hash of the content, since BOINC never replaces a file under a
 * name once used; a changed file gets a new name by itself, and an unchanged one is not downloaded
 * again. Given up: names that a project chose in its own version.xml.
 */
@NullMarked
package org.boinc.dockerwrapper.pack;

import org.jspecify.annotations.NullMarked;
