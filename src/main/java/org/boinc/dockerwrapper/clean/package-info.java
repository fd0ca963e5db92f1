/**
 * Finds what jobs have left on the engine, and removes it: containers and networks whose result no
 * longer lives in its slot, images whose workunit, app version or project is gone, and the least
 * recently used ones beyond a limit.
 *
 * <p>Way through: {@link org.boinc.dockerwrapper.clean.Sweep} → {@code Survey} (engine, slots,
 * projects, ledgers) → {@code Inventory} → {@code ContainerRules}, {@code ImageRules} (pure) →
 * {@link org.boinc.dockerwrapper.clean.Finding}s → removal.
 *
 * <p>Knows nothing of how a job runs; of {@code run} it uses what lies on the disk: journal, ledger
 * of images, the project's lock.
 *
 * <p>Decided: only what carries this client's label or stands in its ledgers is looked at; what
 * can't be read leaves everything that depends on it where it is; nothing goes that was not found
 * left over at two looks. Given up: engines of other hosts, where the same label may be another
 * client's.
 */
@NullMarked
package org.boinc.dockerwrapper.clean;

import org.jspecify.annotations.NullMarked;
