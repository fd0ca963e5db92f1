/**
 * Turns what other systems call a container job into a job.toml of schema 1.
 *
 * <p>Way through: {@code Formats} chooses a {@code Format} (one class for each system, which can be
 * deleted) → that fills a {@code JobDraft} → {@link org.boinc.dockerwrapper.convert.Conversion},
 * which reads the draft back as a host would and takes out what a host would refuse.
 *
 * <p>Knows nothing of engines or hosts; reads no file.
 *
 * <p>Decided: what can't be carried over stands in the result as a comment that says why, and never
 * fails the conversion; what {@link org.boinc.dockerwrapper.job.JobReader} says of a value is the
 * reason. Given up: expanding a shell's variables; their values are not in the text.
 */
@NullMarked
package org.boinc.dockerwrapper.convert;

import org.jspecify.annotations.NullMarked;
