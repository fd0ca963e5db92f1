/**
 * Turns what people wrote (job.toml in three dialects, templates, the command line) into a {@link
 * org.boinc.dockerwrapper.job.JobSpec}, or into problems with file, line, key and cure.
 *
 * <p>Way through: bytes → {@code TomlDocument} → {@code Layer} (one per file, dotted schema-1 keys,
 * whatever the dialect) → layers merged → {@code ContainerTables}, {@code LimitTables} (types and
 * rules) → {@code Unsupported}, {@code Macros} → {@code JobReading}.
 *
 * <p>Knows nothing of the host, the slot's files, the client's grant or the volunteer's policy: the
 * same bytes give the same result everywhere.
 *
 * <p>A new key: one line in {@code ContainerTables} or {@code LimitTables} (the key becomes known
 * by being asked for), a component in its record, a line in {@code schema1-all-defaults.toml};
 * while it does nothing yet, a line in {@code Unsupported}.
 */
@NullMarked
package org.boinc.dockerwrapper.job;

import org.jspecify.annotations.NullMarked;
