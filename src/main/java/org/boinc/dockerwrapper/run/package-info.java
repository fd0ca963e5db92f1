/**
 * Lives through one episode of one job: state machine, journal, CPU account, progress, outputs,
 * outcome.
 *
 * <p>{@link org.boinc.dockerwrapper.run.JobRun} is the loop; {@link
 * org.boinc.dockerwrapper.run.JobMachine} decides and is pure, its rules in one class for each part
 * of the way (preparing, running, ending); {@code ActionRunner} does one step at a time on a thread
 * of its own and answers with events; {@code Observer} watches the running container; {@code
 * Uploads} hands outputs to the client while it runs.
 *
 * <p>It never sees a job.toml: planning comes in as a function.
 *
 * <p>Decided: an outcome, once in the journal, is repeated and never computed again; a container
 * that has ended is collected and never run again, unless it was killed while nobody was connected;
 * a failed engine call is answered by a look, so one recovery table serves start-up and surprises.
 * Given up: an outcome after a quit was heard, as the client would not honour it (it is told in the
 * next episode).
 */
@NullMarked
package org.boinc.dockerwrapper.run;

import org.jspecify.annotations.NullMarked;
