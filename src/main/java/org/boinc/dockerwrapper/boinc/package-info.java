/**
 * Speaks the BOINC client's protocol, over files and shared memory: slot and lock, init_data.xml,
 * soft links, the eight channels, liveness, the files and statuses that end an episode, stderr.txt.
 * What is different on Windows stands in {@code NamedSection}, {@code ProcessProbe} and {@code
 * LockHold}, and its functions in {@code Kernel32}, which no other system loads.
 *
 * <p>It knows nothing of containers, of job.toml, or of what the job is for, and imports none of
 * our packages. Everything in it can be tried with a directory and a mapped file; time is an
 * argument wherever it decides something.
 *
 * <p>Decided: the client is believed, the job is not. Only the work directory is open to the job,
 * so a link counts only in the slot, and only if it leads directly into the job's own project
 * directory; what the job may have written is read through {@link UntrustedFile}. Tags are looked
 * for as the client looks for them, since neither messages nor init_data.xml are XML that a parser
 * would accept. What the client would misunderstand (a temporary exit without a reason, a finish
 * file with another status than the process) can't be constructed.
 *
 * <p>Given up: System V shared memory (old clients, or an app version without {@code api_version})
 * and the classic graphics apps.
 */
@NullMarked
package org.boinc.dockerwrapper.boinc;

import org.jspecify.annotations.NullMarked;
