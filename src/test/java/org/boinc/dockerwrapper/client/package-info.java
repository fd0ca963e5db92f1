/**
 * The wrapper under a real BOINC client: a project on loopback, and Debian's client attached to it.
 *
 * <p>{@link org.boinc.dockerwrapper.client.ProjectServer} is a whole BOINC project of one app
 * version: it hands out workunits, serves their files, takes uploads and reports. {@link
 * org.boinc.dockerwrapper.client.BoincClient} is the client's process with a data directory of its
 * own. {@link org.boinc.dockerwrapper.client.Installation} is both together, for one test, and
 * looks afterwards whether anything is left behind.
 *
 * <p>Nothing here imitates the client or the wrapper. The project is as small as the client lets it
 * be; what it must say and sign was read in BOINC's client/scheduler_op.cpp, client/file_xfer.cpp
 * and lib/crypt.cpp of 7.20.5.
 */
package org.boinc.dockerwrapper.client;
