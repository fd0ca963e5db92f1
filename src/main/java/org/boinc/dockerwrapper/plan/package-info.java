/**
 * Decides what will be created and what is refused: what the job asks for, what the client granted
 * and what the engine is, to a {@link org.boinc.dockerwrapper.plan.JobPlan}. Pure: {@link
 * org.boinc.dockerwrapper.plan.Planner#plan} reads nothing but its argument, so {@code boinc-docker
 * plan} prints exactly what would happen.
 *
 * <p>Knows nothing of docker-java, of clocks, of the environment. The record lives with its reader:
 * {@code EngineFacts} is here though the engine fills it.
 *
 * <p>Decided: nothing that must stay unread is ever mounted, as a file bound over it does not last
 * (see {@link org.boinc.dockerwrapper.plan.WorkPlan}); the project directory is read-only but for
 * this job's outputs. Clamping to what the client granted is never an error. Given up: passing any
 * option to the engine as text.
 */
@NullMarked
package org.boinc.dockerwrapper.plan;

import org.jspecify.annotations.NullMarked;
