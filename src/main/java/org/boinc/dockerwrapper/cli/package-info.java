/**
 * The two mains, the verbs of {@code boinc-docker}, and every word printed for people at a
 * terminal.
 *
 * <p>{@link org.boinc.dockerwrapper.cli.DockerWrapper} reads no option through picocli: everything
 * it does not know belongs to the job. All its ways out go through one method that halts the
 * process, as a JVM that ends by a signal would exit with a status that the client takes for a
 * failure.
 */
@NullMarked
package org.boinc.dockerwrapper.cli;

import org.jspecify.annotations.NullMarked;
