/**
 * Does on a container engine what the plan says: finds it, builds, pulls, loads, creates, watches,
 * copies.
 *
 * <p>Way through: {@code Engine} → {@code Images}, {@code Containers}, {@code TarCopy} → {@code
 * Session} (one operation: plain requests, or calls of docker-java; faults as {@link
 * org.boinc.dockerwrapper.engine.EngineException}) → {@code EngineHttpClient} (our transport under
 * both: deadlines, cancellation, early answers) → {@code Connection} → {@code Wire} (Unix socket,
 * TCP, TLS, a child process, a named pipe) → {@link org.boinc.dockerwrapper.engine.Endpoint}, which
 * {@link org.boinc.dockerwrapper.engine.EngineLocator} found among {@link
 * org.boinc.dockerwrapper.engine.EnginePlaces}.
 *
 * <p>Knows nothing of the client, of job.toml, or of what a failure means for the job. docker-java
 * stops here.
 *
 * <p>Decided: a transport of our own, as those of docker-java have no deadline on a Unix socket and
 * lose an early answer to an upload; the requests of an ordinary job's life are written and read as
 * JSON trees, because loading docker-java's classes for them doubles a wrapper's start; counters
 * are read from the host's cgroup where it can be seen, which costs the engine nothing; archives
 * are streamed, never stored. Given up: classifying an engine's messages by their words, but for a
 * full disk, which it tells in no other way.
 */
@NullMarked
package org.boinc.dockerwrapper.engine;

import org.jspecify.annotations.NullMarked;
