/**
 * Is a BOINC client in a box: prepares slot and project directory, starts the real wrapper process,
 * speaks the real protocol with it, plays a script of what clients and hosts do to jobs, and judges
 * exit and outputs by the client's rules. It is a product, for whoever tests a job, and the other
 * side of our own integration tests.
 *
 * <p>It knows nothing of containers, of job.toml or of the wrapper's inside: any {@code
 * docker_wrapper} can be tested with it.
 *
 * <p>Decided: files that the wrapper writes for the client are read here once more, not by the
 * wrapper's own classes, so that a fault there shows. Time runs as on a real host; poll period and
 * patience are arguments. Given up: scheduling, several jobs at once, uploads to a real server,
 * System V shared memory, Windows' named section.
 */
@NullMarked
package org.boinc.dockerwrapper.simulate;

import org.jspecify.annotations.NullMarked;
