/**
 * Says what is wrong with a host, and which command cures it.
 *
 * <p>Way through: {@code HostReader} (files below a root directory, environment), {@code
 * EngineReader} (what the engine says of itself), {@code Trial} (a throw-away container) → {@link
 * org.boinc.dockerwrapper.doctor.HostFacts} → the {@code …Rules} (pure) → {@link
 * org.boinc.dockerwrapper.doctor.Finding}s.
 *
 * <p>Knows nothing of jobs. Whoever adds a check adds a fact to the record, a line to a reader and
 * a case to a rule's table test.
 *
 * <p>Decided: a rule never looks at the host, so that each broken host is a record in a test; what
 * could not be found out is said as such and is no fault. Given up: Windows' and macOS's own
 * settings; there only the engine is asked and tried.
 */
@NullMarked
package org.boinc.dockerwrapper.doctor;

import org.jspecify.annotations.NullMarked;
