package org.boinc.dockerwrapper.run;

import java.util.Map;
import java.util.Optional;
import org.boinc.dockerwrapper.boinc.ClientChannels;
import org.boinc.dockerwrapper.boinc.InitData;
import org.boinc.dockerwrapper.boinc.Slot;
import org.boinc.dockerwrapper.boinc.StderrLog;

/**
 * What an episode works with.
 *
 * @param channels absent in standalone mode
 * @param environment of the wrapper's process, for finding the engine
 * @param bootId changes with each boot of the host; empty where the host has none
 * @param sporadic the job takes part in the client's sporadic scheduling
 */
public record JobContext(
    Slot slot,
    InitData job,
    Optional<ClientChannels> channels,
    StderrLog log,
    Planning planning,
    Map<String, String> environment,
    String bootId,
    boolean sporadic) {}
