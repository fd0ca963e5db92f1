package org.boinc.dockerwrapper.run;

import java.util.Optional;
import org.boinc.dockerwrapper.boinc.ClientChannels;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.boinc.StderrLog;

/**
 * What an episode works with.
 *
 * @param channels absent in standalone mode
 * @param events what happens, for later
 * @param search for the engine, begun as early as could be
 * @param bootId changes with each boot of the host; empty where the host has none
 * @param sporadic the job takes part in the client's sporadic scheduling
 */
public record JobContext(
    Slot slot,
    InitData job,
    Optional<ClientChannels> channels,
    StderrLog log,
    EventLog events,
    Planning planning,
    EngineSearch search,
    String bootId,
    boolean sporadic) {}
